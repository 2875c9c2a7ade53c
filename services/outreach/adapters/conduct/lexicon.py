"""Reads the conduct lexicon. A rule out of form stops the start: half a lexicon would let things through."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.outreach.adapters.conduct.model import load_conduct_model
from services.outreach.domain.conduct.checker import CATEGORIES, ConductChecker, Rule
from services.outreach.domain.conduct.normalise import Normaliser

FILE = Path(__file__).parent / "lexicon.yaml"
WIDE = Path(__file__).parent / "lexicon_wide.yaml"
BORROWER, THIRD_PARTY = "borrower", "third_party"
EVERYTHING = ("",)
"""Triggers of a rule that looks at every sentence."""
_FRAGMENT = re.compile(r"<([a-z]+)>")


@cache
def conduct_checker(file: Path = FILE) -> ConductChecker:
    """Raises ValueError for a category, an audience or a fragment that is not known, and for a pattern out of form."""
    return ConductChecker(rules_alone(file).rules, normaliser(file), load_conduct_model())


@cache
def rules_alone(file: Path = FILE) -> ConductChecker:
    """Without the model: what training and measuring compare with."""
    document = _document(file)
    words: dict[str, str] = document["words"]
    rules = [_rule(entry, words) for entry in document["rules"]]
    rules += [_rule({**entry, "action": "review", "triggers": EVERYTHING}, words) for entry in _document(WIDE)["rules"]]
    return ConductChecker(rules, normaliser(file))


@cache
def normaliser(file: Path = FILE) -> Normaliser:
    return Normaliser(dict(pair.split(":") for row in _document(file)["twins"].values() for pair in row.split()))


def _document(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return document


def _rule(entry: dict[str, Any], words: dict[str, str]) -> Rule:
    audiences = frozenset(entry.get("audiences", (BORROWER, THIRD_PARTY)))
    is_known = entry["category"] in CATEGORIES and entry.get("action", "block") in ("block", "review")
    if not is_known or not audiences <= {BORROWER, THIRD_PARTY} or not entry["triggers"]:
        raise ValueError(f"rule {entry['id']} is out of form")
    unless = entry.get("unless")
    return Rule(
        id=entry["id"],
        category=entry["category"],
        language=entry["language"],
        audiences=audiences,
        triggers=tuple(entry["triggers"]),
        pattern=_compiled(entry["pattern"], words),
        unless=None if unless is None else _compiled(unless, words),
        reason_en=entry["reason"]["en"],
        reason_zh=entry["reason"]["zh"],
        action=entry.get("action", "block"),
    )


def _compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    try:
        return re.compile(_FRAGMENT.sub(lambda found: words[found[1]], pattern))
    except (KeyError, re.error) as error:
        raise ValueError(f"a pattern is out of form: {error}") from error
