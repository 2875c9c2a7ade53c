"""What a person agreed to, refused and asked for: a ledger of entries that are never changed, and what it amounts to.

An entry begins something; another entry withdraws it. What counts at a moment follows from the entries alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from services.outreach.domain.gate.facts import AgreedTime, Consent, InconvenientTime

KINDS = (
    "consent",
    "opt_out",
    "inconvenient_time",
    "inconvenient_place",
    "agreed_time",
    "language",
    "representative",
)
SOURCES = ("reply", "call_note", "portal", "lender", "staff")
CONSENT_KINDS = ("electronic", "workplace", "third_party", "out_of_hours", "recording", "over_cap", "visit")
REPRESENTATIVE_KINDS = ("attorney", "adviser", "guardian")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `detail` holds what only its kind has: plain values, no address and no name."""

    entry_id: UUID
    kind: str
    withdraws: UUID | None
    channel: str | None
    contact_point_id: UUID | None
    purpose: str | None
    detail: dict[str, Any]
    begins_at: datetime
    ends_at: datetime | None
    source: str
    source_reference: str | None
    proof_reference: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Representative:
    """Who acts for the person. `contact_point_id`: how they are reached, in the vault; None: not known."""

    kind: str
    contact_point_id: UUID | None
    point_kind: str = "email"
    time_zones: tuple[str, ...] = ()

    @property
    def party(self) -> str:
        """As whom the gate knows them: an adviser with authority is turned to as a lawyer is."""
        return "guardian" if self.kind == "guardian" else "attorney"

    @property
    def represents(self) -> bool:
        """A guardian stands where the person stood; a lawyer or adviser stands before them."""
        return self.kind != "guardian"


@dataclass(frozen=True, slots=True)
class Current:
    """What holds at one moment."""

    consents: tuple[Consent, ...] = ()
    agreed_times: tuple[AgreedTime, ...] = ()
    inconvenient_times: tuple[InconvenientTime, ...] = ()
    inconvenient_places: frozenset[str] = frozenset()
    opt_outs: tuple[tuple[str, UUID | None], ...] = ()
    language: str | None = None
    representative: Representative | None = None
    points_of_others: frozenset[UUID] = frozenset()
    """Contact points that were ever a representative's: nobody looks for the borrower there."""


NOTHING = Current()


def standing(entries: Sequence[Entry], at: datetime) -> list[Entry]:
    """Entries that hold then, in the order they were recorded. Both ends: begun at `begins_at`, over at `ends_at`."""
    withdrawn = {entry.withdraws for entry in entries if entry.withdraws is not None and entry.begins_at <= at}
    return [
        entry
        for entry in entries
        if entry.withdraws is None
        and entry.entry_id not in withdrawn
        and entry.begins_at <= at
        and (entry.ends_at is None or at < entry.ends_at)
    ]


def current(entries: Sequence[Entry], at: datetime) -> Current:
    """The newest language and representative win; of everything else all that stands."""
    held = standing(entries, at)
    of = {kind: [entry for entry in held if entry.kind == kind] for kind in KINDS}
    return Current(
        # A withdrawn consent is a consent no more; its beginning and end travel with the facts of a decision.
        consents=tuple(_consent(entry) for entry in of["consent"]),
        agreed_times=tuple(agreed_time(entry) for entry in _agreed_ahead(entries, at)),
        inconvenient_times=tuple(time_of(entry.detail) for entry in of["inconvenient_time"]),
        inconvenient_places=frozenset(str(entry.detail["place"]) for entry in of["inconvenient_place"]),
        opt_outs=tuple((str(entry.channel), entry.contact_point_id) for entry in of["opt_out"]),
        language=str(of["language"][-1].detail["language"]) if of["language"] else None,
        representative=_representative(of["representative"][-1]) if of["representative"] else None,
        points_of_others=frozenset(
            entry.contact_point_id
            for entry in entries
            if entry.kind == "representative" and entry.contact_point_id is not None
        ),
    )


def time_of(detail: dict[str, Any]) -> InconvenientTime:
    return InconvenientTime(
        days=tuple(detail["days"]),
        begins=time.fromisoformat(detail["begins"]),
        ends=time.fromisoformat(detail["ends"]) if detail.get("ends") else None,
        last_on=date.fromisoformat(detail["last_on"]) if detail.get("last_on") else None,
    )


def agreed_time(entry: Entry) -> AgreedTime:
    point = entry.contact_point_id
    begins_at, ends_at = (datetime.fromisoformat(str(entry.detail[name])) for name in ("from", "until"))
    return AgreedTime(begins_at, ends_at, entry.channel, None if point is None else str(point))


def _agreed_ahead(entries: Sequence[Entry], at: datetime) -> list[Entry]:
    """Agreed times that are not over yet: one that is still to come opens then, and not before."""
    return [
        entry
        for entry in standing(entries, at)
        if entry.kind == "agreed_time" and datetime.fromisoformat(str(entry.detail["until"])) > at
    ]


def _consent(entry: Entry) -> Consent:
    return Consent(
        kind=str(entry.detail["consent"]),
        given_to=str(entry.detail.get("given_to", "agency")),
        channel=entry.channel,
        contact_point_id=None if entry.contact_point_id is None else str(entry.contact_point_id),
        begins_at=entry.begins_at,
        ends_at=entry.ends_at,
    )


def _representative(entry: Entry) -> Representative:
    return Representative(
        kind=str(entry.detail["representative"]),
        contact_point_id=entry.contact_point_id,
        point_kind=str(entry.detail.get("point_kind", "email")),
        time_zones=tuple(entry.detail.get("time_zones", ())),
    )
