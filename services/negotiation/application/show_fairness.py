"""For staff: which cap holds for a case, whether its contract keeps it, and the faults of its open offers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.negotiation.application.announcements import terms_of
from services.negotiation.application.legal_facts import is_time_barred
from services.negotiation.application.ports import Work
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.fair_terms import Fault, fair_facts, faults, proposed
from services.negotiation.domain.interest_caps import Cap, NoCap, Unknown, cap, loan_of


@dataclass(frozen=True, slots=True)
class FairnessView:
    """`is_contract_above_cap` None: the contract or the cap is not known, so somebody has to look."""

    case_id: UUID
    limit: Cap | NoCap | Unknown
    contract_rate: int | None
    is_contract_above_cap: bool | None
    offers: tuple[tuple[UUID, tuple[Fault, ...]], ...]


async def show_fairness(work: Work, case_id: UUID) -> FairnessView:
    """Raises NoSuchThing."""
    case = await work.cases.read(case_id)
    today = case.today(work.now)
    limit = cap(loan_of(case), today, work.figures)
    rate = case.contract.annual_rate_basis_points if case.contract is not None else None
    mandate, is_barred = await mandate_for(work, case), await is_time_barred(work, case)
    facts = fair_facts(case, mandate, limit, today, is_time_barred=is_barred)
    on_file = (await work.offers.current([case_id])).get(case_id, [])
    judged = tuple(
        (offer.offer_id, faults(proposed(terms_of(offer, case), case.books.balance), facts)) for offer in on_file
    )
    return FairnessView(case_id, limit, rate, _is_above(rate, limit), judged)


def _is_above(rate: int | None, limit: Cap | NoCap | Unknown) -> bool | None:
    if rate is None or isinstance(limit, Unknown):
        return None
    return isinstance(limit, Cap) and rate > limit.yearly
