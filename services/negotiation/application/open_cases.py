"""On case.received: open the books of each case with what the creditor placed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.negotiation.application.ports import Booking, Work
from services.negotiation.application.resolve_mandates import carry_mandates
from services.negotiation.application.watch_cures import note_new_arrears
from services.negotiation.domain.case_file import CaseFile, Contract, Mandate
from services.negotiation.domain.ledger import Buckets, open_books
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.events.terms import ContactPoint
from shared.events.terms import Mandate as MandateContract


async def open_cases(work: Work, events: Sequence[Event[CaseReceived]]) -> None:
    erased = await work.cases.known_as_erased([event.body.case_id for event in events])
    cases: list[CaseFile] = []
    bookings: list[Booking] = []
    for event in events:
        body = event.body
        placed = Buckets(body.balance.fees, body.balance.interest, body.balance.principal)
        books, entry = open_books(body.case_id, placed)
        is_erased = body.case_id in erased
        case = CaseFile(
            case_id=body.case_id,
            creditor_id=body.creditor_id,
            language=body.language,
            currency=body.currency,
            jurisdiction=body.jurisdiction,
            candidate_zones=() if is_erased else candidate_zones(body.contact_points),
            mandate=mandate(body.mandate),
            regular_instalment=body.instalment,
            books=books,
            is_erased=is_erased,
            person_id=body.person_id,
            contract=contract(body),
        )
        cases.append(case)
        bookings.append(Booking(case.case_id, case.creditor_id, case.currency, entry, body.placed_on))
    cases = await carry_mandates(work, cases)
    await work.cases.add(cases)
    await note_new_arrears(work, list(zip(cases, events, strict=True)))
    await work.ledger.book(bookings)


def contract(body: CaseReceived) -> Contract:
    return Contract(
        product=body.product,
        region=body.region,
        annual_rate_basis_points=body.annual_rate,
        originated_on=body.originated_on,
        oldest_due_on=body.oldest_due_on,
        term_months=body.term_months,
        instalments_paid=body.instalments_paid,
        instalments_missed=body.instalments_missed,
        days_past_due=body.days_past_due,
        placed_on=body.placed_on,
        arrears=body.arrears,
        annual_income=body.annual_income,
    )


def mandate(contract: MandateContract) -> Mandate:
    return Mandate(
        discount_max_basis_points=contract.discount_max,
        term_months_max=contract.term_months_max,
        instalment_min=contract.instalment_min,
        pause_months_max=contract.pause_months_max,
        allocation_order=contract.allocation_order,
        grace_days=contract.grace_days,
    )


def candidate_zones(points: Iterable[ContactPoint]) -> tuple[str, ...]:
    return tuple(sorted({zone for point in points for zone in point.time_zones}))
