"""What a decision is asked and what it may know: plain values, complete, and one document for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from services.outreach.domain.gate.canonical import Document, canonical

DEMAND = "demand"
"""The usual purpose: to ask for payment. Other purposes are the notices that a cease request leaves open."""


@dataclass(frozen=True, slots=True)
class Request:
    """A proposed contact. `contact_point_id` is None where the case has nothing to reach the person by."""

    case_id: str
    channel: str
    rung: str
    contact_point_id: str | None
    purpose: str = DEMAND


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact that counts. `outcome` is `sending` while it is under way; `direction` tells who began it."""

    at: datetime
    channel: str
    case_id: str
    contact_point_id: str | None
    outcome: str
    direction: str = "out"


@dataclass(frozen=True, slots=True)
class ActiveHold:
    """A hold that stands. `until` None: until somebody releases it."""

    kind: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OptOut:
    """A channel that the person refused: at one contact point, or altogether where that is None."""

    channel: str
    contact_point_id: str | None


@dataclass(frozen=True, slots=True)
class InconvenientTime:
    """A time of the week that the person called inconvenient, in their own zone. Days are 0 (Monday) to 6."""

    days: tuple[int, ...]
    begins: time
    ends: time | None
    """None: the end of the day."""
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class PointFacts:
    """The contact point of the request, without its address."""

    kind: str
    place: str
    is_usable: bool
    may_be_used: bool | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may know. What is None is not known, and a rule that needs it denies."""

    jurisdiction: str
    case_status: str
    owed_minor_units: int
    is_plan_kept: bool
    is_represented: bool | None
    point: PointFacts | None
    time_zones: tuple[str, ...]
    holds: tuple[ActiveHold, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    inconvenient_times: tuple[InconvenientTime, ...] = ()
    contacts: tuple[PastContact, ...] = ()


def to_text(request: Request, facts: Facts, now: datetime) -> str:
    """The canonical document of a decision's inputs; `facts_hash` is taken over it."""
    point = facts.point
    return canonical(
        {
            "now": now.isoformat(),
            "request": {
                "case_id": request.case_id,
                "channel": request.channel,
                "contact_point_id": request.contact_point_id,
                "purpose": request.purpose,
                "rung": request.rung,
            },
            "jurisdiction": facts.jurisdiction,
            "case_status": facts.case_status,
            "owed_minor_units": facts.owed_minor_units,
            "is_plan_kept": facts.is_plan_kept,
            "is_represented": facts.is_represented,
            "point": None
            if point is None
            else {
                "is_usable": point.is_usable,
                "kind": point.kind,
                "may_be_used": point.may_be_used,
                "place": point.place,
            },
            "time_zones": list(facts.time_zones),
            "holds": [[h.kind, h.until.isoformat() if h.until else None] for h in facts.holds],
            "opt_outs": [[o.channel, o.contact_point_id] for o in facts.opt_outs],
            "inconvenient_times": [_inconvenient(entry) for entry in facts.inconvenient_times],
            "contacts": [
                [c.at.isoformat(), c.channel, c.case_id, c.contact_point_id, c.outcome, c.direction]
                for c in facts.contacts
            ],
        }
    )


def from_document(document: Mapping[str, Any]) -> tuple[Request, Facts, datetime]:
    """Read the inputs of a stored decision back, to run it again."""
    point = document["point"]
    facts = Facts(
        jurisdiction=document["jurisdiction"],
        case_status=document["case_status"],
        owed_minor_units=document["owed_minor_units"],
        is_plan_kept=document["is_plan_kept"],
        is_represented=document["is_represented"],
        point=PointFacts(**point) if point is not None else None,
        time_zones=tuple(document["time_zones"]),
        holds=tuple(ActiveHold(kind, _moment(until)) for kind, until in document["holds"]),
        opt_outs=tuple(OptOut(channel, point_id) for channel, point_id in document["opt_outs"]),
        inconvenient_times=tuple(_read_inconvenient(entry) for entry in document["inconvenient_times"]),
        contacts=tuple(PastContact(datetime.fromisoformat(at), *rest) for at, *rest in document["contacts"]),
    )
    return Request(**document["request"]), facts, datetime.fromisoformat(document["now"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _inconvenient(entry: InconvenientTime) -> Document:
    return {
        "begins": entry.begins.isoformat(),
        "days": list(entry.days),
        "ends": entry.ends.isoformat() if entry.ends else None,
        "last_on": entry.last_on.isoformat() if entry.last_on else None,
    }


def _read_inconvenient(entry: Mapping[str, Any]) -> InconvenientTime:
    return InconvenientTime(
        days=tuple(entry["days"]),
        begins=time.fromisoformat(entry["begins"]),
        ends=time.fromisoformat(entry["ends"]) if entry["ends"] else None,
        last_on=date.fromisoformat(entry["last_on"]) if entry["last_on"] else None,
    )
