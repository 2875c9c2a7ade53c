"""Reads rule packs from YAML: closed, typed, hashed. A pack that says something unknown stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from services.outreach.adapters.plain_yaml import read_yaml_file
from services.outreach.domain.gate import form
from services.outreach.domain.gate.canonical import canonical, digest
from services.outreach.domain.gate.packs import EVERYTHING, Packs, RulePack, Scope
from services.outreach.domain.gate.rules import RULE_TYPES, Rule

FOLDER = Path(__file__).parent / "packs"
FORM = 2
STRENGTHS = {
    "law": "deny",
    "regulation": "deny",
    "presumption": "deny",
    "guideline": "deny",
    "self_regulatory_strict": "deny",
    "self_regulatory_advisory": "note",
    "draft": "note",
}
"""How binding a source is, and the verdict that follows from it."""
CONFIDENCES = {"primary": "deny", "official_secondary": "deny", "secondary": "deny", "weak": "note", "memory": "note"}
"""How well the source was seen: its own text, an official report of it, another's report, hearsay, none at all."""
CLAUSE_LENGTH_MAX = 160


class InvalidPack(ValueError):
    """A pack does not follow its form: a mistake of whoever wrote it, found at the start and not at night."""


@dataclass(frozen=True, slots=True)
class _Form:
    """The keys of a pack; `form` is 2 for the form with paths, scopes and confidence."""

    pack: str
    version: int
    jurisdiction: str | None
    effective_from: date
    effective_to: date | None
    form: int
    confidence: str = "primary"
    scope: Scope = field(default=EVERYTHING)


def load_packs(folder: Path = FOLDER) -> Packs:
    """Every pack in the folder."""
    return Packs([read_pack(document) for document in pack_documents(folder)])


def pack_documents(folder: Path = FOLDER) -> list[dict[str, Any]]:
    return [read_yaml_file(path) for path in sorted(folder.glob("*.yaml"))]


def read_pack(document: Mapping[str, Any]) -> RulePack:
    """One pack. Its hash is SHA-256 over the RFC 8785 form of the document, so comments do not count."""
    try:
        head = form.from_document(_Form, {key: value for key, value in document.items() if key != "rules"})
    except form.OutOfForm as error:
        raise InvalidPack(f"pack {document.get('pack')!r}: {error}") from error
    if head.form != FORM or head.confidence not in CONFIDENCES:
        raise InvalidPack(f"pack {head.pack!r}: form or confidence is none that is known")
    rules = tuple(_read_rule(head, entry) for entry in document.get("rules", ()))
    if len({rule.id for rule in rules}) != len(rules):
        raise InvalidPack(f"pack {head.pack!r}: a rule's id is used twice")
    text = canonical(dict(document))
    return RulePack(
        name=head.pack,
        version=head.version,
        jurisdiction=head.jurisdiction,
        effective_from=head.effective_from,
        effective_to=head.effective_to,
        rules=rules,
        hash=digest(text),
        text=text,
        scope=head.scope,
        confidence=head.confidence,
    )


def _read_rule(head: _Form, entry: Mapping[str, Any]) -> Rule:
    where = f"pack {head.pack!r}, rule {entry.get('id')!r}"
    values = {"confidence": head.confidence, **entry}
    kind = RULE_TYPES.get(str(values.pop("type", "")))
    if kind is None:
        raise InvalidPack(f"{where} is of no known type")
    if values.get("strength") not in STRENGTHS or values["confidence"] not in CONFIDENCES:
        raise InvalidPack(f"{where}: strength or confidence is none that is known")
    if len(str(values.get("clause", ""))) > CLAUSE_LENGTH_MAX:
        raise InvalidPack(f"{where}: the clause is longer than {CLAUSE_LENGTH_MAX}")
    if _has_negative(entry):
        raise InvalidPack(f"{where}: no number of a rule is below zero")
    usual = "note" if "note" in (STRENGTHS[values["strength"]], CONFIDENCES[values["confidence"]]) else "deny"
    wanted = values.setdefault("verdict", usual)
    if usual == "note" and wanted != "note" and not values.get("because"):
        raise InvalidPack(f"{where} is stricter than its source: it must say because of what")
    try:
        return form.from_document(kind, values)
    except ValueError as error:
        raise InvalidPack(f"{where}: {error}") from error


def _has_negative(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_negative(entry) for entry in value.values())
    if isinstance(value, list):
        return any(_has_negative(entry) for entry in value)
    return isinstance(value, int) and value < 0
