"""Caps and series from files: closed, typed; a file that says something unknown stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.negotiation.domain.interest_caps import CapRule, Figures, RateFrom, Series

SHIPPED = Path(__file__).parent / "figures"
CAPS_FILE = "caps.yaml"
CONFIDENCES = frozenset({"primary", "official_secondary", "secondary", "weak", "memory"})
_SERIES_KEYS = frozenset({"name", "source", "confidence", "note", "known_through", "rates"})
_LISTS = ("lender_kinds", "covers", "notes")


class InvalidFigures(ValueError):
    """A file of figures does not follow its form."""


@cache
def shipped_figures() -> Figures:
    return load_figures(SHIPPED)


def load_figures(folder: Path) -> Figures:
    """The caps of `caps.yaml` and a series from every other file. Raises InvalidFigures."""
    series = {s.name: s for s in (_series(file) for file in sorted(folder.glob("*.yaml")) if file.name != CAPS_FILE)}
    document = _read(folder / CAPS_FILE)
    rules = tuple(_rule(entry) for entry in document.get("rules", []))
    missing = {rule.series for rule in rules if rule.series is not None} - set(series)
    if missing or len({rule.rule for rule in rules}) < len(rules):
        raise InvalidFigures(f"rules of one name, or series that are not there: {sorted(missing)}")
    return Figures(rules, series)


def _series(file: Path) -> Series:
    document = _read(file)
    if set(document) - _SERIES_KEYS or document.get("confidence") not in CONFIDENCES or not document.get("source"):
        raise InvalidFigures(f"{file.name}: a series has a name, a source, a confidence, an end and rates")
    try:
        rates = tuple(RateFrom(_day(rate["from"]), int(rate["basis_points"])) for rate in document["rates"])
        return Series(document["name"], rates, _day(document["known_through"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFigures(f"{file.name}: {error}") from None


def _rule(entry: Mapping[str, Any]) -> CapRule:
    known = {field.name for field in fields(CapRule)}
    if set(entry) - known or entry.get("confidence") not in CONFIDENCES:
        raise InvalidFigures(f"{entry.get('rule')}: {sorted(set(entry) - known)} or its confidence is not known")
    values: dict[str, Any] = {key: tuple(value) if key in _LISTS else value for key, value in entry.items()}
    try:
        rule = CapRule(**values)
    except TypeError as error:
        raise InvalidFigures(f"{entry.get('rule')}: {error}") from None
    has_rate = rule.annual_rate_basis_points is not None or rule.daily_rate_basis_points is not None
    if (has_rate + (rule.series is not None) + rule.is_none) != 1 or (rule.series is None) != (rule.multiple is None):
        raise InvalidFigures(f"{rule.rule}: a rate, a multiple of a series, or none")
    return rule


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("a day is written YYYY-MM-DD")
    return value


def _read(file: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise InvalidFigures(f"{file.name} cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise InvalidFigures(f"{file.name} is no table of figures")
    return document
