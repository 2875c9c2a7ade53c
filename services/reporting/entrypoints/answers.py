"""What the use cases found, as response bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from services.reporting.application.ports import Batch, Period, PortfolioRow, Standstill, TopicFlow
from services.reporting.application.show_case import Timeline
from services.reporting.application.show_portfolio import Counts, Funnel
from services.reporting.application.verify_journal import Verdict
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.journal import Entry
from services.reporting.domain.statement import AMOUNTS, CaseLine
from services.reporting.entrypoints import schemas
from services.reporting.entrypoints.narration import LANGUAGES, narrate


def portfolio_line(row: PortfolioRow) -> schemas.PortfolioLine:
    return schemas.PortfolioLine(creditor_id=row.creditor_id, currency=row.currency, **row.figures)


def funnel_line(funnel: Funnel) -> schemas.FunnelLine:
    return schemas.FunnelLine(
        creditor_id=funnel.creditor_id, rejected=funnel.rejected, defaulted=funnel.defaulted, **funnel.stages
    )


def batch_line(batch: Batch) -> schemas.BatchLine:
    return schemas.BatchLine(
        batch_id=batch.batch_id,
        creditor_id=batch.creditor_id,
        accepted=batch.accepted,
        rejected=batch.rejected,
        months=[schemas.MonthLine(**asdict(month)) for month in batch.months],
    )


def case_response(row: CaseRow) -> schemas.CaseResponse:
    plan = row.plan
    return schemas.CaseResponse.model_validate(
        {name: getattr(row, name, None) for name in schemas.CaseResponse.model_fields}
        | {
            "plan": schemas.PlanLine(
                plan_id=UUID(plan[0]),
                kind=plan[1].kind,
                total_minor_units=plan[1].total_minor_units,
                status=plan[1].status,
            )
            if plan
            else None,
            "holds": list(row.holds),
            "contacts": row.count("contact.attempted"),
            "denials": row.count("contact.denied"),
            "replies": row.count("borrower.replied"),
            "payments": row.count("payment.posted"),
            "reversals": row.count("payment.reversed"),
            "defaults": row.count("default.detected"),
            "complaints": row.count("complaint.opened"),
        }
    )


def timeline_response(timeline: Timeline) -> schemas.TimelineResponse:
    row = timeline.row
    return schemas.TimelineResponse(
        case_id=timeline.case_id,
        creditor_id=timeline.creditor_id,
        case=case_response(row) if row and row.is_placed else None,
        events=[_entry(entry) for entry in timeline.entries],
        is_whole=timeline.is_whole,
    )


def _entry(entry: Entry) -> schemas.TimelineEntry:
    fact = entry.fact
    return schemas.TimelineEntry(
        position=entry.position,
        event_id=fact.event_id,
        type=fact.type,
        occurred_at=fact.occurred_at,
        sequence=fact.sequence,
        causation_id=fact.causation_id,
        correlation_id=fact.correlation_id,
        trace_id=fact.trace_id,
        text={language: narrate(fact, language) for language in LANGUAGES},
        body=dict(fact.body),
    )


def counts_response(counts: Counts) -> schemas.CountsResponse:
    tallies = {measure: dict(dimensions) for measure, dimensions in counts.tallies.items()}
    return schemas.CountsResponse(
        events=dict(counts.events),
        events_total=sum(counts.events.values()),
        cases=counts.cases,
        rejected=counts.rejected,
        contacts=tallies["contact"],
        denials=tallies["denial"],
        replies=tallies["reply"],
        rejections=tallies["rejection"],
        plans=tallies["plan"],
        defaults=tallies["default"],
        complaints=tallies["complaint"],
        disputes=tallies["dispute"],
        holds=tallies["hold"],
        stages=dict(counts.figures),
        collected_minor_units=dict(counts.collected_minor_units),
        balance_minor_units=dict(counts.balance_minor_units),
    )


def flow_response(topics: Sequence[TopicFlow], standstill: Standstill) -> schemas.FlowResponse:
    return schemas.FlowResponse(
        topics=[schemas.TopicLine(**asdict(topic)) for topic in topics],
        waiting=dict(standstill.waiting),
        quarantined_cases=standstill.quarantined,
        journal_position=standstill.journal.position,
        journal_hash=standstill.journal.hash.hex(),
    )


def verdict_response(verdict: Verdict) -> schemas.VerdictResponse:
    fault = verdict.fault
    return schemas.VerdictResponse(
        is_intact=verdict.is_intact,
        is_complete=verdict.is_complete,
        verified=verdict.verified,
        verified_to=verdict.end.position,
        head_hash=verdict.end.hash.hex(),
        fault=schemas.FaultLine(position=fault.position, event_id=fault.event_id, kind=fault.kind) if fault else None,
    )


def statement_response(
    creditor_id: UUID, stated: Period, summed: Mapping[str, CaseLine], cases: int
) -> schemas.StatementResponse:
    return schemas.StatementResponse(
        creditor_id=creditor_id,
        first_on=stated.first,
        last_on=stated.last,
        cases=cases,
        totals=[
            schemas.StatementTotals(currency=currency, **{f"{name}_minor_units": line.amount(name) for name in AMOUNTS})
            for currency, line in sorted(summed.items())
        ],
    )
