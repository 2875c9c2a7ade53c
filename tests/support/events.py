"""Valid events with faces, and the records that carry them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from shared.events.body import EventBody
from shared.events.case_assessed import CaseAssessed
from shared.events.case_received import CaseReceived
from shared.events.codec import encode
from shared.events.envelope import Event
from shared.events.terms import Balance, ContactPoint, Mandate
from shared.kernel.identifiers import new_id
from shared.messaging.record import Record

HARBOUR_CREDIT = UUID("01900000-0000-7000-8000-00000000c0de")
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def case_received(case_id: UUID | None = None, *, principal: int = 120_000) -> CaseReceived:
    """A personal loan in New York, 45 days past due."""
    return CaseReceived(
        case_id=case_id or new_id(),
        person_id=new_id(),
        creditor_id=HARBOUR_CREDIT,
        account_id=new_id(),
        batch_id=new_id(),
        jurisdiction="US",
        region="NY",
        language="en",
        product="personal_loan",
        currency="USD",
        balance=Balance(fees=1_500, interest=4_000, principal=principal),
        arrears=9_900,
        instalment=5_000,
        days_past_due=45,
        oldest_due_on=date(2026, 1, 16),
        originated_on=date(2025, 6, 16),
        term_months=36,
        instalments_paid=6,
        instalments_missed=2,
        annual_rate=1_299,
        annual_income=5_400_000,
        debt_to_income=1_800,
        employment_years=4,
        delinquencies_two_years=0,
        homeowner=False,
        arrears_cause="cash_flow_gap",
        contact_points=(
            ContactPoint(
                contact_point_id=new_id(),
                kind="email",
                time_zones=("America/New_York",),
                is_verified=True,
                may_be_used=True,
            ),
            ContactPoint(
                contact_point_id=new_id(),
                kind="mobile",
                time_zones=("America/New_York",),
                is_verified=True,
                may_be_used=True,
            ),
        ),
        mandate=Mandate(
            version=1, discount_max=2_000, term_months_max=24, instalment_min=2_500, pause_months_max=3, grace_days=3
        ),
        placed_on=date(2026, 3, 2),
        provenance="generated",
    )


def case_assessed(case_id: UUID, **changes: object) -> CaseAssessed:
    """A middling grade with the standard strategy."""
    body = CaseAssessed(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        assessment_id=new_id(),
        model="scorecard@1",
        trigger="case.received",
        ability=55,
        willingness=60,
        risk_grade="C",
        stage="mid",
        segment="able_and_willing",
        strategy="standard",
        arrears_cause="cash_flow_gap",
        is_vulnerable=False,
        affordable_monthly=30_000,
        reason_codes=("income_stable",),
    )
    return body.model_copy(update=changes)


def event(body: EventBody, sequence: int = 1, *, traceparent: str | None = None, at: datetime = AT) -> Event[EventBody]:
    """The body as an event, first of its chain."""
    event_id = new_id()
    return Event(
        event_id=event_id,
        body=body,
        occurred_at=at,
        sequence=sequence,
        correlation_id=event_id,
        traceparent=traceparent,
    )


def record(announced: Event[EventBody], *, partition: int = 0, offset: int = 0) -> Record:
    """The event as it lies in its topic."""
    headers, value = encode(announced)
    return Record(announced.event_type, partition, offset, str(announced.key), headers, value)
