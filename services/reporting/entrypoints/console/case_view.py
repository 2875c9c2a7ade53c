"""What a case's page shows: where it stands, its balance over time, and its events in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from services.reporting.application.show_case import ENTRIES_MAX, Timeline
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.journal import Entry
from services.reporting.entrypoints.console.charts import steps
from services.reporting.entrypoints.narration import narrate
from services.reporting.entrypoints.wording import Language, day

_TONES = {
    "case.received": "place",
    "case.updated": "place",
    "case.assessed": "place",
    "case.rejected": "bad",
    "case.recalled": "end",
    "case.closed": "end",
    "contact.attempted": "contact",
    "contact.denied": "warn",
    "borrower.replied": "contact",
    "hold.applied": "warn",
    "hold.released": "warn",
    "plan.completed": "good",
    "plan.agreed": "good",
    "payment.posted": "good",
    "payment.reversed": "bad",
    "default.detected": "bad",
    "complaint.opened": "bad",
    "dispute.opened": "bad",
    "conduct.alarmed": "bad",
    "plan.withdrawn": "warn",
    "plan.slipped": "warn",
    "relief.requested": "warn",
    "relief.granted": "good",
    "relief.ended": "warn",
    "legal.opened": "bad",
    "legal.advanced": "bad",
    "legal.closed": "end",
    "books.adjusted": "warn",
    "payment.remitted": "good",
    "re_default.detected": "bad",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One event: a sentence, and what leads on from it."""

    entry: Entry
    sentence: str
    tone: str
    decision_id: str | None
    trace_id: str | None
    trace_url: str | None


@dataclass(frozen=True, slots=True)
class BalanceChart:
    path: str
    currency: str
    first_minor_units: int
    last_minor_units: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    case_id: UUID
    creditor_id: UUID
    row: CaseRow | None
    trace_url: str | None
    balance: BalanceChart | None
    days: Sequence[tuple[str, Sequence[Step]]]
    events: int
    cut_at: int | None


def case_view(timeline: Timeline, traces_url: str | None, language: Language) -> CaseView:
    row = timeline.row if timeline.row and timeline.row.is_placed else None
    told = [_step(entry, traces_url, language) for entry in timeline.entries]
    return CaseView(
        case_id=timeline.case_id,
        creditor_id=timeline.creditor_id,
        row=row,
        trace_url=trace_url(traces_url, row.trace_id if row else None),
        balance=_balance(timeline.entries, row),
        days=[
            (on, list(of_day))
            for on, of_day in groupby(told, key=lambda step: day(step.entry.fact.occurred_at.date(), language))
        ],
        events=len(told),
        cut_at=None if timeline.is_whole else ENTRIES_MAX,
    )


def trace_url(traces_url: str | None, trace_id: str | None) -> str | None:
    return f"{traces_url.rstrip('/')}/zipkin/traces/{trace_id}" if traces_url and trace_id else None


def _step(entry: Entry, traces_url: str | None, language: Language) -> Step:
    fact = entry.fact
    return Step(
        entry=entry,
        sentence=narrate(fact, language),
        tone=_TONES.get(fact.type, "plain"),
        decision_id=fact.body.get("decision_id"),
        trace_id=fact.trace_id,
        trace_url=trace_url(traces_url, fact.trace_id),
    )


def _balance(entries: Sequence[Entry], row: CaseRow | None) -> BalanceChart | None:
    """The balance as the events told it; None where it never moved."""
    if row is None or row.currency is None:
        return None
    told: list[tuple[datetime, int]] = []
    for entry in entries:
        balance: Mapping[str, int] | None = entry.fact.body.get("balance")
        if balance is not None:
            told.append((entry.fact.occurred_at, sum(balance.values())))
    if not told:
        return None
    told.append((max(entries[-1].fact.occurred_at, told[-1][0]), row.outstanding_minor_units))
    points = [(at.timestamp(), float(value)) for at, value in told]
    if points[0][0] == points[-1][0] or len({value for _, value in points}) == 1:
        return None
    return BalanceChart(
        path=steps(points),
        currency=row.currency,
        first_minor_units=told[0][1],
        last_minor_units=told[-1][1],
        first_at=told[0][0],
        last_at=told[-1][0],
    )
