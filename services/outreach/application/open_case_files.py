"""A case has been received: open its file. No contact is planned before it has been assessed."""

from __future__ import annotations

from collections.abc import Sequence

from services.outreach.application.ports import Work
from services.outreach.application.records import NewCase
from services.outreach.domain.case_file import Balance, ContactPoint
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.events.terms import Balance as BalanceTerms
from shared.events.terms import ContactPoint as ContactPointTerms


async def open_case_files(work: Work, events: Sequence[Event[CaseReceived]]) -> None:
    """Open many files."""
    await work.files.open(
        [
            NewCase(
                case_id=event.body.case_id,
                person_id=event.body.person_id,
                creditor_id=event.body.creditor_id,
                jurisdiction=event.body.jurisdiction,
                language=event.body.language,
                currency=event.body.currency,
                balance=balance_of(event.body.balance),
                points=points_of(event.body.contact_points),
                event_id=event.event_id,
                occurred_at=event.occurred_at,
            )
            for event in events
        ]
    )


def balance_of(terms: BalanceTerms) -> Balance:
    return Balance(terms.fees, terms.interest, terms.principal)


def points_of(terms: Sequence[ContactPointTerms]) -> tuple[ContactPoint, ...]:
    return tuple(
        ContactPoint(
            contact_point_id=point.contact_point_id,
            kind=point.kind,
            place=point.place,
            time_zones=point.time_zones,
            is_verified=point.is_verified,
            may_be_used=point.may_be_used,
        )
        for point in terms
    )
