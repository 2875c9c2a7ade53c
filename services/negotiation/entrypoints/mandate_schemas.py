"""Bodies and answers about mandates and approvals. Shares are basis points, amounts minor units."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.negotiation.application.approval_ports import FiledVersion
from services.negotiation.application.show_fairness import FairnessView
from services.negotiation.domain.approvals import REASONS_MAX, Approval, StaffRole
from services.negotiation.domain.interest_caps import Cap, NoCap, Unknown
from services.negotiation.domain.ledger import Bucket
from services.negotiation.domain.mandates import (
    Authority,
    Charges,
    FeeAllowed,
    Grid,
    GridRow,
    Limits,
    MandateVersion,
    Relief,
    ReplanLimit,
    Restructuring,
    Shares,
    Span,
)
from services.negotiation.domain.mandates.limits import FREQUENCIES, ReliefKind
from services.negotiation.domain.terms import Form, Frequency, Outline
from services.negotiation.entrypoints.schemas import Closed
from shared.events.body import Currency
from shared.events.terms import PlanKind, Product, Stage

BasisPoints = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Days = Annotated[int, Field(ge=0, le=20_000, strict=True)]
Months = Annotated[int, Field(ge=1, le=600, strict=True)]
Count = Annotated[int, Field(ge=0, le=1_000, strict=True)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Note = Annotated[str, Field(max_length=500, description="for people; no personal data")]


class DaysBody(Closed):
    start: Days = 0
    below: Days | None = None


class BalanceBody(Closed):
    start: Amount = 0
    below: Amount | None = None


class SharesBody(Closed):
    fees: BasisPoints = 0
    interest: BasisPoints = 0
    principal: BasisPoints = 0
    overall: BasisPoints = 10_000


class GridRowBody(Closed):
    largest: SharesBody
    days_past_due: DaysBody = DaysBody()
    balance: BalanceBody = BalanceBody()
    stage: Stage | None = None

    def row(self) -> GridRow:
        return GridRow(
            Shares(**self.largest.model_dump()),
            Span(**self.days_past_due.model_dump()),
            Span(**self.balance.model_dump()),
            self.stage,
        )


class ReliefBody(Closed):
    kind: ReliefKind
    months_max: Months


class RestructuringBody(Closed):
    term_months_max: Months
    annual_rate_max_basis_points: BasisPoints = 0


class ReplansBody(Closed):
    per_case: Count | None = None
    per_year: Count | None = None


class FeeBody(Closed):
    code: Code
    amount_max: Amount


class ChargesBody(Closed):
    fees: Annotated[tuple[FeeBody, ...], Field(max_length=50)] = ()
    annual_rate_basis_points: BasisPoints = 0
    default_rate_basis_points: BasisPoints = 0

    def charges(self) -> Charges:
        fees = tuple(FeeAllowed(fee.code, fee.amount_max) for fee in self.fees)
        return Charges(fees, self.annual_rate_basis_points, self.default_rate_basis_points)


class AuthorityBody(Closed):
    role: StaffRole
    discount_max_basis_points: BasisPoints
    term_months_max: Months
    reliefs: tuple[ReliefKind, ...] = ()


class LimitsBody(Closed):
    """What a mandate says, whoever drafts it."""

    product: Product | None = Field(default=None, description="null: every product without a version of its own")
    currency: Currency
    grid: Annotated[tuple[GridRowBody, ...], Field(max_length=200)]
    term_months_max: Months
    instalment_min: Amount
    reliefs: Annotated[tuple[ReliefBody, ...], Field(max_length=4)] = ()
    frequencies: Annotated[tuple[Frequency, ...], Field(max_length=5)] = FREQUENCIES
    restructuring: RestructuringBody | None = None
    replans: ReplansBody = ReplansBody()
    discounted_forms: Annotated[tuple[Form, ...], Field(max_length=8)] = ("lump_sum",)
    allocation_order: Annotated[tuple[Bucket, ...], Field(min_length=3, max_length=3)]
    grace_days: Annotated[int, Field(ge=0, le=30, strict=True)]
    charges: ChargesBody = ChargesBody()
    authorities: Annotated[tuple[AuthorityBody, ...], Field(max_length=4)] = ()
    effective_from: date
    effective_to: date | None = None

    def version(self, version_id: UUID, creditor_id: UUID) -> MandateVersion:
        """The draft; its number is given when it is filed."""
        restructuring = self.restructuring
        limits = Limits(
            grid=Grid(tuple(row.row() for row in self.grid)),
            term_months_max=self.term_months_max,
            instalment_min=self.instalment_min,
            reliefs=tuple(Relief(relief.kind, relief.months_max) for relief in self.reliefs),
            frequencies=self.frequencies,
            restructuring=Restructuring(**restructuring.model_dump()) if restructuring is not None else None,
            replans=ReplanLimit(**self.replans.model_dump()),
            discounted_forms=self.discounted_forms,
        )
        return MandateVersion(
            version_id=version_id,
            creditor_id=creditor_id,
            product=self.product,
            number=0,
            currency=self.currency,
            limits=limits,
            allocation_order=self.allocation_order,
            grace_days=self.grace_days,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            charges=self.charges.charges(),
            authorities=tuple(Authority(**authority.model_dump()) for authority in self.authorities),
        )


class MandateBody(LimitsBody):
    """Staff say for which lender."""

    creditor_id: UUID


class DecisionBody(Closed):
    verdict: Literal["approved", "rejected"]
    reasons: Annotated[tuple[Code, ...], Field(min_length=1, max_length=REASONS_MAX)]
    note: Note = ""


class StepBody(Closed):
    count: Months
    amount: Annotated[int, Field(ge=1, le=10**15, strict=True)]


class OutlineBody(Closed):
    """An offer as staff would make it. Total and discount are the balance together."""

    kind: PlanKind
    total: Annotated[int, Field(ge=1, le=10**15, strict=True)]
    discount: Amount = 0
    count: Months
    first_due_on: date
    pause_until: date | None = None
    form: Form | None = None
    frequency: Frequency = "monthly"
    pay_day: Annotated[int, Field(ge=1, le=31, strict=True)] | None = None
    steps: Annotated[tuple[StepBody, ...], Field(max_length=12)] = ()

    def outline(self) -> Outline:
        """Raises ValueError where the figures are no outline."""
        values = self.model_dump()
        return Outline(**{**values, "steps": tuple((step.count, step.amount) for step in self.steps)})


class OfferQuestionBody(Closed):
    case_id: UUID
    outline: OutlineBody
    note: Note = ""


def mandate_answer(filed: FiledVersion) -> dict[str, Any]:
    v, limits = filed.version, filed.version.limits
    return {
        "mandate_id": v.version_id,
        "creditor_id": v.creditor_id,
        "number": v.number,
        "status": v.status,
        "is_lenders_word": v.is_lenders_word,
        "product": v.product,
        "currency": v.currency,
        "grid": limits.grid.rows,
        "term_months_max": limits.term_months_max,
        "instalment_min": limits.instalment_min,
        "reliefs": limits.reliefs,
        "frequencies": limits.frequencies,
        "restructuring": limits.restructuring,
        "replans": limits.replans,
        "discounted_forms": limits.discounted_forms,
        "allocation_order": v.allocation_order,
        "grace_days": v.grace_days,
        "charges": v.charges,
        "authorities": v.authorities,
        "effective_from": v.effective_from,
        "effective_to": v.effective_to,
        "drafted_by": filed.drafted_by,
        "drafted_at": filed.drafted_at,
        "approved_by": filed.approved_by,
        "approved_at": filed.approved_at,
        "retired_by": filed.retired_by,
        "retired_at": filed.retired_at,
    }


def approval_answer(approval: Approval) -> dict[str, Any]:
    a = approval
    return {
        "approval_id": a.approval_id,
        "creditor_id": a.creditor_id,
        "case_id": a.case_id,
        "kind": a.kind,
        "subject_id": a.subject_id,
        "details": a.details,
        "status": a.status,
        "deciders": a.deciders,
        "asked_by": a.asked_by,
        "asked_role": a.asked_role,
        "asked_at": a.asked_at,
        "reasons": a.reasons,
        "note": a.note,
        "expires_at": a.expires_at,
        "decided_by": a.decided_by,
        "decided_role": a.decided_role,
        "decided_at": a.decided_at,
        "decision_reasons": a.decision_reasons,
        "decision_note": a.decision_note,
    }


def fairness_answer(view: FairnessView) -> dict[str, Any]:
    """The cap as it is known: `kind` cap, none (the law sets no figure) or unknown (somebody has to look)."""
    kind = {Cap: "cap", NoCap: "none", Unknown: "unknown"}[type(view.limit)]
    return {
        "case_id": view.case_id,
        "cap": {"kind": kind, **asdict(view.limit)},
        "contract_rate_basis_points": view.contract_rate,
        "is_contract_above_cap": view.is_contract_above_cap,
        "offers": [{"offer_id": offer_id, "faults": found} for offer_id, found in view.offers],
    }
