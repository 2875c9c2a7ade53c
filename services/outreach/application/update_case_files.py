"""What is known of a case or a person has changed; what was waiting for it is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.open_case_files import balance_of, points_of
from services.outreach.application.ports import Work
from services.outreach.domain.case_file import Balance, ContactPoint
from shared.events.case_updated import CaseUpdated
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_proposed import PlanProposed

BOUNCE_PAUSE = timedelta(hours=1)
"""A payment taken back often breaks the plan it was for, and that news comes by another topic, perhaps later."""


async def update_cases(work: Work, events: Sequence[Event[CaseUpdated]]) -> None:
    """case.updated: balance and contact points, where they are given."""
    known = await work.files.lock({event.body.case_id for event in events})
    balances: list[tuple[UUID, Balance, datetime, UUID]] = []
    points: dict[UUID, Sequence[ContactPoint]] = {}
    as_of: dict[UUID, datetime] = {}
    for event in events:
        body = event.body
        if body.balance is not None:
            balances.append((body.case_id, balance_of(body.balance), event.occurred_at, event.event_id))
        if body.contact_points is not None:
            person_id = known[body.case_id].person_id
            points[person_id] = points_of(body.contact_points)
            as_of[person_id] = event.occurred_at
    await work.files.set_balances(balances)
    await work.persons.replace_points(points, as_of)
    await work.plans.wake(known, work.now)


async def update_persons(work: Work, events: Sequence[Event[PersonUpdated]]) -> None:
    """person.updated: may come before any case of the person is known here."""
    await work.files.lock({case_id for event in events for case_id in event.body.case_ids})
    await work.persons.replace_points(
        {event.body.person_id: points_of(event.body.contact_points) for event in events},
        {event.body.person_id: event.occurred_at for event in events},
    )
    cases = await work.persons.cases_of({event.body.person_id for event in events})
    await work.plans.wake([case_id for ids in cases.values() for case_id in ids], work.now)


async def erase_persons(work: Work, events: Sequence[Event[PersonErased]]) -> None:
    """person.erased: forget how to reach them and what they wrote; plan no contact any more."""
    persons = {event.body.person_id for event in events}
    cases = await work.persons.cases_of(persons)
    case_ids = [case_id for ids in cases.values() for case_id in ids]
    await work.files.lock(case_ids)
    await work.plans.end(case_ids)
    await work.attempts.withdraw(case_ids, work.now)
    await work.persons.erase(persons)
    await work.visits.call_off(case_ids, "erased")
    await work.handovers.call_off(case_ids, "erased")
    await work.visits.erase(persons)


async def book_payments(work: Work, events: Sequence[Event[PaymentPosted]]) -> None:
    """payment.posted: the new balance. The gate makes no demand where nothing is owed, so nothing is ended here."""
    known = await work.files.lock({event.body.case_id for event in events})
    await work.files.set_balances(
        [(e.body.case_id, balance_of(e.body.balance), e.occurred_at, e.event_id) for e in events]
    )
    await work.validations.add_payments([(e.body.case_id, e.body.amount - e.body.overpaid) for e in events])
    await work.harm.note_payments([(e.body.payment_id, e.body.case_id, e.body.posted_at) for e in events])
    paid_off = {e.body.case_id for e in events if e.body.balance.total == 0 and e.body.case_id in known}
    await work.attempts.withdraw(paid_off, work.now)


async def take_back_payments(work: Work, events: Sequence[Event[PaymentReversed]]) -> None:
    """payment.reversed: the balance is what it was; a case that waited because nothing was owed goes on."""
    known = await work.files.lock({event.body.case_id for event in events})
    await work.files.set_balances(
        [(e.body.case_id, balance_of(e.body.balance), e.occurred_at, e.event_id) for e in events]
    )
    await work.validations.add_payments([(e.body.case_id, -e.body.amount) for e in events])
    await work.plans.wake(known, work.now + BOUNCE_PAUSE)


async def note_offers(work: Work, events: Sequence[Event[PlanProposed]]) -> None:
    """plan.proposed: the next message may say that an offer is waiting."""
    await work.files.set_offer({event.body.case_id: event.body.expires_at for event in events})
