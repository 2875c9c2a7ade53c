"""The evidence of a matter: one canonical document, made when it came in, and the hash that proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.outreach.domain.gate.canonical import canonical, digest

FORM = 1
SECTIONS = (
    "contacts",
    "decisions",
    "holds",
    "replies",
    "call_notes",
    "certificates",
    "templates",
    "preferences",
    "visits",
)


@dataclass(frozen=True, slots=True)
class Pack:
    """`text` is the canonical form (RFC 8785); `sha256` is of its UTF-8 bytes."""

    text: str
    sha256: str


def make_pack(
    subject: Mapping[str, Any], taken_at: datetime, sections: Mapping[str, Sequence[Mapping[str, Any]]], limit: int
) -> Pack:
    """Ids, codes, moments and hashes; no name, no address, no text that anybody wrote.

    A section with `limit` rows may have more in the database: `is_complete` says which are whole.
    """
    document = {
        "form": FORM,
        "taken_at": taken_at.isoformat(),
        "subject": _plain(subject),
        "is_complete": {name: len(sections[name]) < limit for name in SECTIONS},
        **{name: [_plain(row) for row in sections[name]] for name in SECTIONS},
    }
    text = canonical(document)
    return Pack(text, digest(text))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime | date) else value
