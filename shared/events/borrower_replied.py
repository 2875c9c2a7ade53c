"""A borrower has answered and the answer has been understood."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, MinorUnits, Moment, Producer
from shared.events.terms import ArrearsCause, Channel, ReplyIntent


class BorrowerReplied(EventBody):
    """The intent of a message that came in; its text stays in outreach.

    For assessment (willingness, cause), negotiation (promises, hardship).
    """

    event_type: ClassVar[Literal["borrower.replied"]] = "borrower.replied"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    reply_id: UUID
    attempt_id: UUID | None = Field(description="the contact it answers, where known")
    channel: Channel
    intent: ReplyIntent
    classified_by: Code = Field(description="the rule or model that decided the intent")
    promised_on: date | None
    promised: MinorUnits | None
    arrears_cause: ArrearsCause | None
    received_at: Moment
