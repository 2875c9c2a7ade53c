"""A case has been received: open its file. No contact is planned before it has been assessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from services.outreach.application.ports import Work
from services.outreach.application.provide_validation import notice_of, owes_notice
from services.outreach.application.raise_alarms import freeze
from services.outreach.application.records import NewCase
from services.outreach.domain.case_file import Balance, ContactPoint
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.events.terms import Balance as BalanceTerms
from shared.events.terms import ContactPoint as ContactPointTerms


async def open_case_files(work: Work, events: Sequence[Event[CaseReceived]]) -> None:
    """Open many files."""
    # Several cases of one person may come together, each with the contact points of its own record.
    points: dict[UUID, dict[UUID, ContactPoint]] = defaultdict(dict)
    for event in events:
        points[event.body.person_id] |= {p.contact_point_id: p for p in points_of(event.body.contact_points)}
    await work.persons.add(
        {person_id: tuple(known.values()) for person_id, known in points.items()},
        {event.body.person_id: event.occurred_at for event in events},
    )
    cases = _cases_of(events)
    await work.files.open(cases)
    await work.validations.open([notice_of(case) for case in cases if owes_notice(case)])
    # Where an alarm stands for the person, a case that comes later is frozen from its first moment.
    frozen = await work.alarms.standing_for(list(points))
    if frozen:
        await freeze(work, frozen)


def _cases_of(events: Sequence[Event[CaseReceived]]) -> list[NewCase]:
    return [
        NewCase(
            case_id=event.body.case_id,
            person_id=event.body.person_id,
            creditor_id=event.body.creditor_id,
            jurisdiction=event.body.jurisdiction,
            language=event.body.language,
            currency=event.body.currency,
            balance=balance_of(event.body.balance),
            event_id=event.event_id,
            occurred_at=event.occurred_at,
            region=event.body.region,
            product=event.body.product,
            oldest_due_on=event.body.oldest_due_on,
            placed_on=event.body.placed_on,
        )
        for event in events
    ]


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
