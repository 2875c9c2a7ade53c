"""The offers of many cases from their facts, each set on record with the facts it followed from."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.negotiation.application.means_ports import OfferSet
from services.negotiation.application.ports import Work
from services.negotiation.application.resolve_mandates import resolve_mandates
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.offers import Draft, facts_of, offers_from
from services.negotiation.domain.offers.audit import proof_of
from shared.kernel.identifiers import new_id


async def draw_offers(work: Work, cases: Collection[CaseFile]) -> dict[UUID, tuple[Draft, ...]]:
    """The offers that are shown for each case today, best first, by the mandate that counts for it."""
    mandates = await resolve_mandates(work, cases)
    drawn: dict[UUID, tuple[Draft, ...]] = {}
    sets: list[OfferSet] = []
    for case in cases:
        facts = facts_of(case, case.today(work.now), mandates[case.case_id])
        drafts = offers_from(facts)
        proof = proof_of(facts, drafts)
        drawn[case.case_id] = drafts
        sets.append(
            OfferSet(
                set_id=new_id(),
                case_id=case.case_id,
                creditor_id=case.creditor_id,
                made_at=work.now,
                engine=proof.engine,
                facts=proof.facts,
                facts_hash=proof.facts_hash,
                offers_hash=proof.offers_hash,
            )
        )
    await work.offer_sets.add(sets)
    return drawn
