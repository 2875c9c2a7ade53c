"""What is written into a legal file: entries in order, each bound to the one before by its hash, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.negotiation.domain.legal.grounds import NotLawful, canonical, digest

Body = Mapping[str, Any]
"""Text, whole numbers, booleans, null and lists of them: what has one canonical text."""

BEGINNING = "0" * 64

# Kind -> whether it is part of what counsel signs. A signature, a reminder or a halt changes nothing in the file.
KINDS: Mapping[str, bool] = {
    "opened": True,
    "checked": True,
    "document": True,
    "limitation_event": True,
    "authority": True,
    "step": True,
    "mediation": True,
    "hearing": True,
    "hearing_outcome": True,
    "cost": True,
    "signature": False,
    "deadline": False,
    "deadline_done": False,
    "note": False,
    "halted": False,
    "resumed": False,
    "closed": False,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """`who`: a staff id, a lender's key id, or `system`; `why`: a code or the person's own words about the matter."""

    legal_id: UUID
    position: int
    kind: str
    who: str
    why: str
    at: datetime
    body: Body
    previous_hash: str
    hash: str

    @property
    def is_material(self) -> bool:
        return KINDS[self.kind]


def entry_after(
    legal_id: UUID, position: int, previous_hash: str, kind: str, who: str, why: str, at: datetime, body: Body
) -> Entry:
    """The next entry of a file, with its hash."""
    if kind not in KINDS or not who:
        raise NotLawful("entry_form", "an entry has a known kind and somebody who made it")
    unsealed = Entry(legal_id, position, kind, who, why, at, body, previous_hash, "")
    return replace(unsealed, hash=entry_hash(unsealed))


def entry_hash(entry: Entry) -> str:
    return digest(
        canonical(
            [
                str(entry.legal_id),
                entry.position,
                entry.kind,
                entry.who,
                entry.why,
                entry.at.isoformat(),
                entry.body,
                entry.previous_hash,
            ]
        )
    )
