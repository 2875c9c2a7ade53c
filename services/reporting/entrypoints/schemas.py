"""Request and response bodies of the JSON API. Amounts are integers in minor units; no personal data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class LenderTokenRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    creditor_id: UUID
    days: int = Field(default=30, ge=1, le=366)


class LenderTokenResponse(BaseModel):
    creditor_id: UUID
    token: str
    expires_at: datetime


class PortfolioLine(BaseModel):
    creditor_id: UUID
    currency: str
    cases: int
    open_cases: int
    placed_minor_units: int
    balance_minor_units: int = Field(description="of open cases")
    collected_minor_units: int
    waived_minor_units: int
    assessed: int
    contacted: int
    replied: int
    proposed: int
    agreed: int
    completed: int
    defaulted: int
    closed: int
    recalled: int
    on_hold: int
    complaints_open: int
    disputes_open: int


class PortfolioResponse(BaseModel):
    portfolio: list[PortfolioLine]


class FunnelLine(BaseModel):
    creditor_id: UUID
    placed: int = Field(description="records placed: accepted and rejected")
    accepted: int
    rejected: int
    assessed: int
    contacted: int
    replied: int
    proposed: int
    agreed: int
    completed: int
    defaulted: int


class FunnelResponse(BaseModel):
    funnel: list[FunnelLine]


class MonthLine(BaseModel):
    currency: str
    month: int = Field(description="calendar months since placement, 0: the month of the placement")
    placed_minor_units: int
    collected_minor_units: int


class BatchLine(BaseModel):
    batch_id: UUID
    creditor_id: UUID
    accepted: int
    rejected: int
    months: list[MonthLine]


class BatchesResponse(BaseModel):
    batches: list[BatchLine]
    next: UUID | None = Field(description="`after` of the next page; null: this is the last")


class PlanLine(BaseModel):
    plan_id: UUID
    kind: str | None
    total_minor_units: int
    status: str


class CaseResponse(BaseModel):
    case_id: UUID
    creditor_id: UUID
    batch_id: UUID | None
    status: str
    currency: str | None
    jurisdiction: str | None
    product: str | None
    provenance: str | None
    placed_on: date | None
    placed_minor_units: int
    days_past_due: int = Field(description="at placement")
    outstanding_minor_units: int
    fees_minor_units: int
    interest_minor_units: int
    principal_minor_units: int
    collected_minor_units: int
    waived_minor_units: int
    risk_grade: str | None
    stage: str | None
    segment: str | None
    strategy: str | None
    plan: PlanLine | None
    holds: list[str]
    contacts: int
    denials: int
    replies: int
    payments: int
    reversals: int
    defaults: int
    complaints: int
    complaints_open: int
    disputes_open: int
    closed_reason: str | None
    first_at: datetime | None
    last_at: datetime | None
    last_contact_at: datetime | None
    trace_id: str | None


class CasesResponse(BaseModel):
    cases: list[CaseResponse]
    next: UUID | None = Field(description="`after` of the next page; null: this is the last")


class TimelineEntry(BaseModel):
    position: int = Field(description="in the journal")
    event_id: UUID
    type: str
    occurred_at: datetime
    sequence: int
    causation_id: UUID | None
    correlation_id: UUID
    trace_id: str | None
    text: dict[str, str] = Field(description="a sentence in en and in zh")
    body: dict[str, Any]


class TimelineResponse(BaseModel):
    case_id: UUID
    creditor_id: UUID
    case: CaseResponse | None = Field(description="null: a refused record, no case came of it")
    events: list[TimelineEntry]
    is_whole: bool


class CountsResponse(BaseModel):
    events: dict[str, int]
    events_total: int
    cases: int
    rejected: int
    contacts: dict[str, int] = Field(description="'channel/outcome' -> contacts")
    denials: dict[str, int] = Field(description="rule -> denials it spoke in")
    replies: dict[str, int]
    rejections: dict[str, int] = Field(description="reason -> refused records that have it")
    plans: dict[str, int]
    defaults: dict[str, int]
    complaints: dict[str, int]
    disputes: dict[str, int]
    holds: dict[str, int]
    stages: dict[str, int] = Field(description="cases that ever got there")
    collected_minor_units: dict[str, int]
    balance_minor_units: dict[str, int]


class TopicLine(BaseModel):
    topic: str
    events: int
    events_last_hour: int
    seconds_since_last: float
    delay_average_ms: float | None = Field(description="from the making of an event to its entry, last hour")
    delay_max_ms: float | None
    per_minute: list[int]


class FlowResponse(BaseModel):
    topics: list[TopicLine]
    waiting: dict[str, int]
    quarantined_cases: int
    journal_position: int
    journal_hash: str


class FaultLine(BaseModel):
    position: int
    event_id: UUID | None
    kind: Literal["changed", "gap", "cut"] = Field(description="gap: missing before it; cut: missing from it on")


class VerdictResponse(BaseModel):
    is_intact: bool
    is_complete: bool = Field(description="the chain's head was reached; else go on with after=verified_to")
    verified: int
    verified_to: int
    head_hash: str = Field(
        description="of the last verified entry; kept elsewhere it proves later that nothing was cut"
    )
    fault: FaultLine | None


class RecountResponse(BaseModel):
    agrees: bool
    cases: int
    totals_agree: bool | None = Field(description="null: events were recorded during the recount; ask again")
    differing_cases: list[UUID]


class StatementTotals(BaseModel):
    currency: str
    opening_minor_units: int
    placed_minor_units: int
    paid_minor_units: int
    reversed_minor_units: int
    waived_minor_units: int
    returned_minor_units: int = Field(description="still owed when the creditor took the case back")
    adjusted_minor_units: int = Field(description="corrected by the creditor")
    closing_minor_units: int
    trust_opening_minor_units: int = Field(description="held in the agency's trust account for these cases")
    trust_received_minor_units: int = Field(description="paid to the agency, not to the creditor")
    trust_sent_back_minor_units: int = Field(description="reversed, or refunded to the payer")
    trust_remitted_minor_units: int = Field(description="paid over, with the commission in it, less what was set off")
    trust_closing_minor_units: int = Field(description="negative: taken back after it had been paid over or refunded")


class StatementResponse(BaseModel):
    creditor_id: UUID
    first_on: date
    last_on: date
    cases: int = Field(description="cases with anything to state; the CSV has a line for each")
    totals: list[StatementTotals]
