"""Reads rule packs from YAML: closed, typed, hashed. A pack that says something unknown stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from services.outreach.domain.gate.canonical import canonical, digest
from services.outreach.domain.gate.packs import Packs, RulePack
from services.outreach.domain.gate.rules import RULE_TYPES, Rule

FOLDER = Path(__file__).parent / "packs"
_PACK_KEYS = {"pack", "version", "jurisdiction", "effective_from", "effective_to", "rules"}
_TIMES = {"opens", "closes"}
_SETS = {"channels", "kinds", "allowed_purposes", "places"}
STRENGTHS = {
    "law",
    "regulation",
    "presumption",
    "guideline",
    "self_regulatory_strict",
    "self_regulatory_advisory",
}
CLAUSE_LENGTH_MAX = 160


class InvalidPack(ValueError):
    """A pack does not follow its form: a mistake of whoever wrote it, found at the start and not at night."""


def load_packs(folder: Path = FOLDER) -> Packs:
    """Every pack in the folder."""
    return Packs([read_pack(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(folder.glob("*.yaml"))])


def read_pack(document: Mapping[str, Any]) -> RulePack:
    """One pack. Its hash is SHA-256 over the RFC 8785 form of the document, so comments do not count."""
    if set(document) != _PACK_KEYS:
        raise InvalidPack(f"a pack has exactly the keys {sorted(_PACK_KEYS)}")
    rules = tuple(_read_rule(entry) for entry in document["rules"])
    if len({rule.id for rule in rules}) != len(rules):
        raise InvalidPack("a rule's id is used twice")
    last = document["effective_to"]
    return RulePack(
        name=document["pack"],
        version=document["version"],
        jurisdiction=document["jurisdiction"],
        effective_from=date.fromisoformat(document["effective_from"]),
        effective_to=date.fromisoformat(last) if last else None,
        rules=rules,
        hash=digest(canonical(dict(document))),
    )


def _read_rule(entry: Mapping[str, Any]) -> Rule:
    values = dict(entry)
    kind = RULE_TYPES.get(str(values.pop("type", "")))
    if kind is None:
        raise InvalidPack(f"rule {entry.get('id')!r} is of no known type")
    known = {field.name: field for field in fields(kind)}
    required = {name for name, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    if unknown := set(values) - set(known):
        raise InvalidPack(f"rule {entry.get('id')!r} says what its type does not know: {sorted(unknown)}")
    if missing := required - set(values):
        raise InvalidPack(f"rule {entry.get('id')!r} does not say {sorted(missing)}")
    if values["strength"] not in STRENGTHS or len(values["clause"]) > CLAUSE_LENGTH_MAX:
        raise InvalidPack(f"rule {entry.get('id')!r}: strength or clause is out of form")
    return kind(**{name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: Any) -> Any:
    if name in _TIMES:
        return time.fromisoformat(value)
    if isinstance(value, dict):
        return {key: frozenset(entries) for key, entries in value.items()}
    if name in _SETS:
        return frozenset(value)
    return value
