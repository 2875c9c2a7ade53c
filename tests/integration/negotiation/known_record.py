"""Outreach as the pages see it, held in memory: what was asked of it is remembered; it can be away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.negotiation.application.record_ports import (
    BlockedBy,
    Concern,
    ContactEntry,
    InboxMessage,
    OwnConcern,
    RecordAway,
    Wishes,
)

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOURS = BlockedBy("hours", "12 CFR 1006.6(b)(1)", "outside the permitted hours", "不在允许的时段")


@dataclass
class KnownRecord:
    is_away: bool = False
    words: dict[str, str | None] = field(default_factory=dict)
    opened: dict[str, OwnConcern] = field(default_factory=dict)
    entries: list[Mapping[str, Any]] = field(default_factory=list)
    letters: list[InboxMessage] = field(default_factory=list)
    read: list[UUID] = field(default_factory=list)
    history: list[ContactEntry] = field(
        default_factory=lambda: [
            ContactEntry(AT, "attempt", "sms", "reminder", "delivered", (), None, uuid4()),
            ContactEntry(AT, "denial", "call", "call", None, (HOURS,), AT + timedelta(hours=9), uuid4()),
        ]
    )

    async def contacts(self, case_id: UUID) -> list[ContactEntry]:
        self._answer()
        return self.history

    async def proof(self, case_id: UUID) -> bytes:
        self._answer()
        return b"PK proof"

    async def inbox(self, person_id: UUID) -> list[InboxMessage]:
        self._answer()
        return self.letters

    async def note_read(self, person_id: UUID, message_id: UUID) -> None:
        self.read.append(message_id)

    async def concerns(self, case_id: UUID) -> list[OwnConcern]:
        self._answer()
        return list(self.opened.values())

    async def complain(self, case_id: UUID, reference: str, category: str, words: str | None) -> OwnConcern:
        return self._open("complaint", reference, category, words)

    async def dispute(self, case_id: UUID, reference: str, ground: str, words: str | None) -> OwnConcern:
        return self._open("dispute", reference, ground, words)

    async def wishes(self, person_id: UUID) -> Wishes:
        self._answer()
        return Wishes(
            refusals=tuple((uuid4(), str(e["channel"])) for e in self.entries if e["kind"] == "opt_out"),
            bad_times=tuple((uuid4(), e) for e in self.entries if e["kind"] == "inconvenient_time"),
            representative=next(
                ((uuid4(), str(e["representative"])) for e in self.entries if e["kind"] == "representative"), None
            ),
            language=None,
        )

    async def wish(self, person_id: UUID, entry: Mapping[str, Any]) -> None:
        self._answer()
        self.entries.append(entry)

    def _open(self, kind: Concern, reference: str, topic: str, words: str | None) -> OwnConcern:
        self._answer()
        self.words[reference] = words
        new = OwnConcern(uuid4(), kind, topic, "received", AT, AT + timedelta(days=15), None)
        return self.opened.setdefault(reference, new)

    def _answer(self) -> None:
        if self.is_away:
            raise RecordAway("away")
