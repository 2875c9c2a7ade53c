"""On case.updated: the creditor's new figures, mandate or contact points become the case's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.negotiation.application.announcements import balance_contract
from services.negotiation.application.booking_run import BookingRun
from services.negotiation.application.open_cases import candidate_zones, mandate
from services.negotiation.application.ports import Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import Buckets, correct
from shared.events.books_adjusted import BooksAdjusted
from shared.events.case_updated import CaseUpdated
from shared.events.envelope import Event


async def update_cases(work: Work, events: Sequence[Event[CaseUpdated]]) -> None:
    """A plan that is agreed stays as it is sealed; a corrected balance changes what is owed beside it."""
    run = await BookingRun.open(work, {event.body.case_id for event in events})
    for event in events:
        body = event.body
        case = run.cases[body.case_id]
        if body.mandate is not None:
            case = replace(case, mandate=mandate(body.mandate))
            run.outdate(case)
        if body.contact_points is not None and not case.is_erased:
            case = replace(case, candidate_zones=candidate_zones(body.contact_points))
        run.cases[case.case_id] = case
        if body.balance is None:
            continue
        stated = Buckets(body.balance.fees, body.balance.interest, body.balance.principal)
        today = case.today(work.now)
        if stated != case.books.owed:
            books, entry = correct(case.books, stated, event.event_id)
            run.book(replace(case, books=books), entry, today)
            before, case = case.books.owed, run.spend_overpaid(run.cases[case.case_id], today)
            work.announce(_corrected(case, before, event, work.now), event)
            run.settle(case.case_id, today, event)
    await run.save()


def _corrected(case: CaseFile, before: Buckets, event: Event[CaseUpdated], at: datetime) -> BooksAdjusted:
    """Said because the creditor's update does not tell where between payments it was booked."""
    return BooksAdjusted(
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        kind="correction",
        source_id=event.event_id,
        payment_id=None,
        currency=case.currency,
        amount=0,
        balance_before=balance_contract(before),
        balance=balance_contract(case.books.owed),
        overpaid=case.books.overpaid,
        adjusted_at=at,
    )
