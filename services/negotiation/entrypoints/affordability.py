"""Budgets over HTTP: the borrower's own statement by their link, the staff's on their behalf. Amounts: minor units."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.negotiation.application.means_ports import FiledStatement
from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources, Work
from services.negotiation.application.show_means import MeansView, show_means
from services.negotiation.application.submit_statement import submit_statement
from services.negotiation.domain.affordability.forms import Every, FormName
from services.negotiation.domain.affordability.statement import Evidence, Household, Line, Statement
from services.negotiation.entrypoints.affordability_texts import means_text
from services.negotiation.entrypoints.identity import BorrowersCase, IdempotencyKey, ResourcesOf
from services.negotiation.entrypoints.schemas import Closed, dumped
from shared.db.idempotency import request_hash
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1")
NO_STORE = {"Cache-Control": "no-store"}
Code = Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]
Counted = Annotated[int, Field(ge=0, le=20, strict=True)]


class HouseholdBody(Closed):
    adults: Annotated[int, Field(ge=1, le=20, strict=True)] = 1
    children: Counted = 0
    teenagers: Counted = 0


class LineBody(Closed):
    """`reason` is a code where the spending is above the guide; there is no place for words."""

    category: Code
    amount_minor_units: Annotated[int, Field(ge=0, le=10**15, strict=True)]
    every: Every = "monthly"
    reason: Code | None = None


class EvidenceBody(Closed):
    kind: Code
    file_id: UUID


class StatementBody(Closed):
    """A statement of income and spending. `stated_on` is today where it is not given."""

    form: FormName
    household: HouseholdBody = HouseholdBody()
    lines: Annotated[tuple[LineBody, ...], Field(min_length=1, max_length=80)]
    other_debts_minor_units: Annotated[
        tuple[Annotated[int, Field(gt=0, le=10**15, strict=True)], ...], Field(max_length=50)
    ] = ()
    evidence: Annotated[tuple[EvidenceBody, ...], Field(max_length=20)] = ()
    pay_day: Annotated[int, Field(ge=1, le=31, strict=True)] | None = None
    stated_on: date | None = None

    def statement(self, currency: str, today: date) -> Statement:
        return Statement(
            form=self.form,
            currency=currency,
            stated_on=self.stated_on or today,
            household=Household(self.household.adults, self.household.children, self.household.teenagers),
            lines=tuple(Line(line.category, line.amount_minor_units, line.every, line.reason) for line in self.lines),
            other_debts=self.other_debts_minor_units,
            evidence=tuple(Evidence(each.kind, each.file_id) for each in self.evidence),
            pay_day=self.pay_day,
        )


@router.post("/borrower/budget", tags=["borrower"])
async def state_budget(
    case_id: BorrowersCase, body: StatementBody, request: Request, key: IdempotencyKey, resources: ResourcesOf
) -> Response:
    """State income and spending; answered with what is left for this debt, and why."""
    return await _submit(resources, case_id, body, await request.body(), key, "borrower")


@router.get("/borrower/budget", tags=["borrower"])
async def see_budget(case_id: BorrowersCase, resources: ResourcesOf) -> Response:
    """The newest statement and what it leaves."""
    return await _show(resources, case_id)


@router.post("/cases/{case_id}/budget", dependencies=[Staff], tags=["staff"])
async def state_budget_for(
    case_id: UUID, body: StatementBody, request: Request, key: IdempotencyKey, resources: ResourcesOf, who: StaffMember
) -> Response:
    """What the borrower told a member of the staff, who is named in the record."""
    return await _submit(resources, case_id, body, await request.body(), key, who)


@router.get("/cases/{case_id}/budget", dependencies=[Staff], tags=["staff"])
async def see_budget_of(case_id: UUID, resources: ResourcesOf) -> Response:
    return await _show(resources, case_id)


async def _submit(
    resources: Resources, case_id: UUID, body: StatementBody, raw: bytes, key: str, made_by: str
) -> Response:
    async with resources.begin(case_id) as work:

        async def act() -> bytes:
            case = await work.cases.read(case_id)
            statement = body.statement(case.currency, case.today(work.now))
            filed = await submit_statement(work, resources.guides, case_id, statement, made_by)
            return dumped(budget_answer(await show_means(work, case_id), filed, case.language))

        scope = f"budget:{case_id}"
        answer = await once(work, scope=scope, key=key, request_hash=request_hash(made_by.encode(), raw), act=act)
    return Response(answer.response, status_code=answer.status, media_type="application/json", headers=NO_STORE)


async def _show(resources: Resources, case_id: UUID) -> Response:
    async with resources.begin(case_id) as work:
        view = await show_means(work, case_id)
        content = dumped(budget_answer(view, view.filed, await _language(work, case_id)))
    return Response(content, media_type="application/json", headers=NO_STORE)


async def _language(work: Work, case_id: UUID) -> str:
    return (await work.cases.read(case_id)).language


def budget_answer(view: MeansView, filed: FiledStatement, language: str) -> dict[str, Any]:
    """The statement that was filed, and what it leaves. `counts`: it is the one that offers follow."""
    statement, means = filed.statement, filed.means
    counts: Literal["yes", "no"] = "yes" if view.is_valid and view.filed.statement_id == filed.statement_id else "no"
    return {
        "statement_id": filed.statement_id,
        "form": statement.form,
        "currency": statement.currency,
        "stated_on": statement.stated_on,
        "valid_until": means.valid_until,
        "counts": counts,
        "made_by": "borrower" if filed.made_by == "borrower" else "staff",
        "household": {
            "adults": statement.household.adults,
            "children": statement.household.children,
            "teenagers": statement.household.teenagers,
        },
        "lines": [
            {"category": x.category, "amount_minor_units": x.amount, "every": x.every, "reason": x.reason}
            for x in statement.lines
        ],
        "other_debts_minor_units": statement.other_debts,
        "evidence": [{"kind": each.kind, "file_id": each.file_id} for each in statement.evidence],
        "pay_day": statement.pay_day,
        "monthly": {
            "income": means.income,
            "essential_spending": means.essential,
            "surplus": means.surplus,
            "reserve": means.reserve,
            "left_for_all_debts": means.left_for_debts,
            "affordable_for_this_debt": means.affordable,
        },
        "above_guide": [
            {"category": each.category, "stated": each.stated, "guide": each.guide, "reason": each.reason}
            for each in means.above_guide
        ],
        "reasons": [{"code": code, "text": means_text(code, language)} for code in means.reasons],
        "guide": {"version": means.guide_version, "confidence": means.guide_confidence},
    }
