"""The JSON API: parse, ask, answer. Staff see everything; a lender's token sees that lender's rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from services.reporting.application.admit import issue_lender_token
from services.reporting.application.export_journal import ENTRIES_MAX, export_journal
from services.reporting.application.ports import CaseFilter, Period, Resources
from services.reporting.application.show_case import CASES_MAX, list_cases, show_case
from services.reporting.application.show_event_flow import show_event_flow
from services.reporting.application.show_portfolio import (
    BATCHES_MAX,
    show_batches,
    show_counts,
    show_funnel,
    show_portfolio,
)
from services.reporting.application.state_account import COLUMNS, period, state_lines, state_totals
from services.reporting.application.verify_figures import verify_figures
from services.reporting.application.verify_journal import ENTRIES_MAX as VERIFIED_MAX
from services.reporting.application.verify_journal import verify_journal
from services.reporting.domain.case_row import CaseStatus
from services.reporting.domain.scope import Scope
from services.reporting.domain.statement import AMOUNTS, CaseLine
from services.reporting.entrypoints import answers, schemas
from services.reporting.entrypoints.access import Caller, Reporting, Staff
from services.reporting.entrypoints.csv_lines import csv_line

router = APIRouter(tags=["reporting"])

Currency = Annotated[str, Query(pattern=r"^[A-Z]{3}$")]
POSITION_MAX = 2**62


@router.get("/v1/portfolio")
async def get_portfolio(reporting: Reporting, caller: Caller) -> schemas.PortfolioResponse:
    rows = await show_portfolio(reporting, caller)
    return schemas.PortfolioResponse(portfolio=[answers.portfolio_line(row) for row in rows])


@router.get("/v1/funnel")
async def get_funnel(reporting: Reporting, caller: Caller) -> schemas.FunnelResponse:
    return schemas.FunnelResponse(funnel=[answers.funnel_line(f) for f in await show_funnel(reporting, caller)])


@router.get("/v1/batches")
async def get_batches(
    reporting: Reporting,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=BATCHES_MAX)] = 50,
    after: UUID | None = None,
) -> schemas.BatchesResponse:
    batches, following = await show_batches(reporting, caller, limit=limit, after=after)
    return schemas.BatchesResponse(batches=[answers.batch_line(batch) for batch in batches], next=following)


@router.get("/v1/cases")
async def get_cases(
    reporting: Reporting,
    caller: Caller,
    creditor_id: UUID | None = None,
    currency: Currency | None = None,
    status: CaseStatus | None = None,
    risk_grade: Annotated[str | None, Query(pattern="^[A-E]$")] = None,
    on_hold: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=CASES_MAX)] = 50,
    after: UUID | None = None,
) -> schemas.CasesResponse:
    wanted = CaseFilter(
        creditor_id=creditor_id,
        currency=currency,
        status=status,
        risk_grade=risk_grade,
        is_on_hold=on_hold,
        after=after,
        limit=limit,
    )
    rows, following = await list_cases(reporting, caller, wanted)
    return schemas.CasesResponse(cases=[answers.case_response(row) for row in rows], next=following)


@router.get("/v1/cases/{case_id}/timeline")
async def get_timeline(reporting: Reporting, caller: Caller, case_id: UUID) -> schemas.TimelineResponse:
    return answers.timeline_response(await show_case(reporting, caller, case_id))


@router.get("/v1/counts")
async def get_counts(reporting: Reporting, staff: Staff) -> schemas.CountsResponse:
    return answers.counts_response(await show_counts(reporting, staff))


@router.get("/v1/event-flow")
async def get_event_flow(reporting: Reporting, staff: Staff) -> schemas.FlowResponse:
    return answers.flow_response(*await show_event_flow(reporting, staff))


@router.get("/v1/journal/verify")
async def get_journal_verdict(
    reporting: Reporting,
    staff: Staff,
    after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=VERIFIED_MAX)] = VERIFIED_MAX,
) -> schemas.VerdictResponse:
    return answers.verdict_response(await verify_journal(reporting, after=after, limit=limit))


@router.get("/v1/journal/export", response_class=StreamingResponse)
async def get_journal_export(
    reporting: Reporting,
    staff: Staff,
    after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=ENTRIES_MAX)] = ENTRIES_MAX,
) -> StreamingResponse:
    lines = export_journal(reporting, after=after, limit=limit)
    return StreamingResponse(lines, media_type="application/x-ndjson")


@router.get("/v1/figures/verify")
async def get_recount(reporting: Reporting, staff: Staff) -> schemas.RecountResponse:
    recount = await verify_figures(reporting)
    return schemas.RecountResponse(
        agrees=recount.agrees,
        cases=recount.cases,
        totals_agree=recount.totals_agree,
        differing_cases=list(recount.differing_cases),
    )


@router.post("/v1/lender-tokens", status_code=201)
async def post_lender_token(
    reporting: Reporting, staff: Staff, wanted: schemas.LenderTokenRequest
) -> schemas.LenderTokenResponse:
    token, expires_at = issue_lender_token(reporting.access, staff, wanted.creditor_id, wanted.days)
    return schemas.LenderTokenResponse(creditor_id=wanted.creditor_id, token=token, expires_at=expires_at)


@router.get(
    "/v1/statements/{creditor_id}",
    response_model=schemas.StatementResponse,
    responses={200: {"content": {"text/csv": {}}}},
)
async def get_statement(
    reporting: Reporting,
    caller: Caller,
    creditor_id: UUID,
    first_on: Annotated[date, Query(alias="from", description="first day, UTC")],
    last_on: Annotated[date, Query(alias="to", description="last day, included")],
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response | schemas.StatementResponse:
    caller.require_creditor(creditor_id)
    stated = period(first_on, last_on)
    if form == "csv":
        name = f"statement-{creditor_id}-{first_on}-{last_on}.csv"
        return StreamingResponse(
            _statement_csv(reporting, caller, creditor_id, stated),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    summed, cases = await state_totals(reporting, caller, creditor_id, stated)
    return answers.statement_response(creditor_id, stated, summed, cases)


async def _statement_csv(reporting: Resources, caller: Scope, creditor_id: UUID, stated: Period) -> AsyncIterator[str]:
    yield csv_line(COLUMNS)
    async for lines in state_lines(reporting, caller, creditor_id, stated):
        yield "".join(csv_line(_cells(line)) for line in lines)


def _cells(line: CaseLine) -> list[object]:
    return [line.case_id, line.currency, *(line.amount(name) for name in AMOUNTS)]
