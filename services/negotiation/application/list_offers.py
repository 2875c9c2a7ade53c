"""For staff: every lawful offer of a case, what it is worth to both sides, and which are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.offers import Comparison, Draft, Facts, compare, facts_of, lawful, offers_from
from services.negotiation.domain.offers.parameters import PARAMETERS, Card
from services.negotiation.domain.offers.worth import worth_of


@dataclass(frozen=True, slots=True)
class LawfulOffer:
    """One lawful offer. `place`: where it is shown, from 1; None: it is lawful and can be asked for."""

    draft: Draft
    comparison: Comparison | None
    place: int | None


@dataclass(frozen=True, slots=True)
class LawfulOffers:
    """All of them, with the facts that they follow from and the card of the figures behind their worth."""

    case: CaseFile
    facts: Facts
    offers: tuple[LawfulOffer, ...]
    card: Card


async def list_offers(work: Work, case_id: UUID) -> LawfulOffers:
    """Reads only: nothing is put. Raises NoSuchThing."""
    case = await work.cases.read(case_id)
    facts = facts_of(case, case.today(work.now), await mandate_for(work, case))
    if not case.may_be_offered():
        return LawfulOffers(case, facts, (), PARAMETERS.card)
    places = {draft.outline: place for place, draft in enumerate(offers_from(facts), start=1)}
    offers = tuple(
        LawfulOffer(
            replace(draft, worth=worth_of(facts, draft.outline)),
            compare(facts, draft.outline),
            places.get(draft.outline),
        )
        for draft in lawful(facts)
    )
    return LawfulOffers(case, facts, offers, PARAMETERS.card)
