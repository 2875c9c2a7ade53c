"""Bodies of answers, for the API's description; the tests hold every real answer against them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.entrypoints.schemas import BalanceBody


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonBody(Answer):
    """Why not: a stable code, where (a JSON pointer), a sentence. Never the value itself."""

    code: str
    pointer: str
    detail: str


class ProblemBody(Answer):
    type: str = Field(description="urn:concord:problem:<code>")
    title: str
    status: int
    code: str
    detail: str
    errors: list[ReasonBody] = []


class PlacedBody(Answer):
    """One record's outcome: `case_id` where it was accepted, else `errors`."""

    record_number: int
    line: int | None = Field(default=None, description="NDJSON and CSV: where the record begins")
    account_number: str | None = None
    case_id: UUID | None = None
    errors: list[ReasonBody] | None = None


class PlacementAnswerBody(Answer):
    batch_id: UUID
    accepted: int
    rejected: int
    records: list[PlacedBody]


class PaymentAnswerBody(Answer):
    record_number: int
    reference: str | None
    payment_id: UUID | None = None
    errors: list[ReasonBody] | None = None


class PaymentsAnswerBody(Answer):
    payments: list[PaymentAnswerBody]


class CaseAnswerBody(Answer):
    case_id: UUID
    account_number: str | None = Field(description="null once the person is erased")
    person_id: UUID
    account_id: UUID
    batch_id: UUID
    record_number: int
    status: Literal["open", "recalled", "closed"]
    jurisdiction: str
    product: str
    currency: str
    balance: BalanceBody
    arrears_minor_units: int = Field(description="recomputed at `as_of`")
    days_past_due: int
    oldest_due_on: date
    as_of: date
    checklist: dict[str, Literal["passed", "not_known"]]
    provenance: str
    is_plan_being_kept: bool
    holds: list[str] = Field(description="kinds of the holds that stand")
    received_at: datetime
    recalled_at: datetime | None
    recall_reason: str | None
    closed_at: datetime | None


class CasesAnswerBody(Answer):
    cases: list[CaseAnswerBody]
    next_cursor: str | None = Field(description="null: this was the last page")
