"""Offers as the borrower compares them: each with what the contract would cost instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.application.show_case import CaseView, show_case
from services.negotiation.domain.offers import Comparison, compare, facts_of


@dataclass(frozen=True, slots=True)
class OffersView:
    """`comparisons` by offer; one is missing where the contract is not known."""

    case_view: CaseView
    comparisons: Mapping[UUID, Comparison]


async def show_offers(work: Work, case_id: UUID) -> OffersView:
    """What was prepared is put by being shown. Commits. Raises NoSuchThing."""
    case = await work.cases.read(case_id)
    facts = facts_of(case, case.today(work.now), await mandate_for(work, case))
    view = await show_case(work, case_id)
    found = {offer.offer_id: compare(facts, offer.outline) for offer in view.offers}
    return OffersView(view, {offer_id: each for offer_id, each in found.items() if each is not None})
