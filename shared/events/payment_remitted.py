"""Money held for a lender has been paid over."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Currency, EventBody, MinorUnits, Moment, Producer, Sha256


class PaymentRemitted(EventBody):
    """What left our trust account for this case in one remittance, and what was kept as commission."""

    event_type: ClassVar[Literal["payment.remitted"]] = "payment.remitted"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    remittance_id: UUID
    currency: Currency
    gross: MinorUnits = Field(description="collected on this case and paid over by this remittance")
    commission: MinorUnits = Field(description="kept by the agency under its schedule of fees")
    commission_returned: MinorUnits = Field(
        default=0, description="given back where payments that had earned it were reversed"
    )
    set_off: MinorUnits = Field(description="taken back for payments that were reversed after an earlier remittance")
    statement_hash: Sha256 = Field(description="over the statement of the whole remittance")
    remitted_at: Moment
