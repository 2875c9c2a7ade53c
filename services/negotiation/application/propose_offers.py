"""Putting offers to the borrower: which ones are current, sealing them, and announcing plan.proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.negotiation.application.announcements import seal, terms_contract, terms_of
from services.negotiation.application.check_fairness import assert_fair
from services.negotiation.application.draw_offers import draw_offers
from services.negotiation.application.ports import Offer, Work
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.calendar import end_of_day
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.offers import OFFER_VALID_DAYS, Draft, facts_of, offers_from
from services.negotiation.domain.offers.choose import beside
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.events.plan_proposed import PlanProposed
from shared.kernel.identifiers import new_id


def prepare(work: Work, case: CaseFile, drafts: Sequence[Draft], *, round_: int) -> list[Offer]:
    """Offers on file that nobody has seen yet."""
    today = case.today(work.now)
    return [
        Offer(
            offer_id=new_id(),
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            position=position,
            outline=draft.outline,
            reasons=draft.reasons,
            status="prepared",
            prepared_on=today,
            round=round_,
        )
        for position, draft in enumerate(drafts, start=1)
    ]


def put(work: Work, case: CaseFile, offer: Offer, *, caused_by: Event[EventBody] | None = None) -> Offer:
    """The offer as proposed, sealed and with an end; announced. The caller stores it.

    It stays open until the last of its days is over wherever the person may be. Raises UnfairTerms (a bug).
    """
    terms = terms_of(offer, case)
    today = case.today(work.now)
    expires_on = today + timedelta(days=OFFER_VALID_DAYS)
    assert_fair(case, terms, today, expires_on, offer.reasons)
    expires_at = end_of_day(expires_on, case.zones)
    work.announce(
        PlanProposed(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            offer_id=offer.offer_id,
            round=offer.round,
            terms=terms_contract(terms),
            reasons=offer.reasons,
            expires_at=expires_at,
        ),
        caused_by,
    )
    return replace(offer, status="proposed", terms_hash=seal(terms), proposed_at=work.now, expires_at=expires_at)


async def put_current(work: Work, case: CaseFile) -> list[Offer]:
    """All open offers of a case that the borrower looks at now; what was only prepared is put.

    An offer that was put stands until it ends. What was prepared on an earlier day is drawn up anew, because dates
    have moved; so is what has ended.
    """
    on_file = (await work.offers.current([case.case_id])).get(case.case_id, [])
    standing = [offer for offer in on_file if offer.is_open(work.now)]
    others = [offer for offer in on_file if not offer.is_open(work.now)]
    drafts = offers_from(facts_of(case, case.today(work.now), await mandate_for(work, case)))
    wanted = beside([offer.outline for offer in standing], drafts)
    prepared = [offer for offer in others if offer.status == "prepared"]
    if [offer.outline for offer in prepared] == [draft.outline for draft in wanted]:
        stale = [offer for offer in others if offer.status != "prepared"]
        fresh = [put(work, case, offer) for offer in prepared]
        await work.offers.save(fresh)
    else:
        stale = others
        if wanted:
            await draw_offers(work, [case])
        fresh = [put(work, case, offer) for offer in prepare(work, case, wanted, round_=max(1, case.rounds))]
        await work.offers.add(fresh)
    await work.offers.withdraw_offers([offer.offer_id for offer in stale])
    # What stands keeps its terms and takes the place that its shape has today: relief that is new comes before it.
    places = {draft.outline.shape: place for place, draft in enumerate(drafts)}
    return sorted(
        [*standing, *fresh],
        key=lambda offer: (places.get(offer.outline.shape, len(places)), offer.position, offer.offer_id),
    )
