"""A borrower's counter-offer is answered at once: agreed, answered with the nearest lawful offer, or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from services.negotiation.application.agree_plan import (
    agree,
    case_for_borrower,
    refuse_where_nothing_may_be_agreed,
)
from services.negotiation.application.announcements import terms_contract
from services.negotiation.application.ports import CounterOffer, Offer, Plan, Work
from services.negotiation.application.prepare_agreement import PreparedAgreement
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.case_file import ROUNDS_MAX, CaseFile
from services.negotiation.domain.counter_offers import Answer, Wish, answer
from services.negotiation.domain.refusals import RoundsExhausted
from services.negotiation.domain.terms import draw_up
from shared.events.plan_countered import PlanCountered
from shared.kernel.identifiers import new_id


@dataclass(frozen=True, slots=True)
class CounterAnswer:
    """The verdict with its reasons, and the plan agreed or the offer made instead."""

    verdict: str
    reasons: tuple[str, ...]
    plan: Plan | None
    offer: Offer | None
    case: CaseFile


async def answer_counter_offer(
    work: Work, case_id: UUID, wish: Wish, prepared: PreparedAgreement | None = None, *, spoken_by: str | None = None
) -> CounterAnswer:
    """Raises CaseClosed, PlanExists, HoldStands, RoundsExhausted, NoSuchThing; a refusal of terms is an answer.

    `prepared` is from `prepare_for_wish`: the evidence and the copy, should the wish be agreed to.
    """
    case = await case_for_borrower(work, case_id)
    await refuse_where_nothing_may_be_agreed(work, case)
    if case.rounds >= ROUNDS_MAX:
        raise RoundsExhausted
    given = answer(case, wish, case.today(work.now), await mandate_for(work, case))
    case = replace(case, rounds=case.rounds + 1)
    counter_id = new_id()
    offer = await _offer_instead(work, case, given)
    _announce(work, case, given, counter_id, offer, spoken_by)
    plan = None
    if given.verdict == "accepted" and given.draft is not None:
        plan = await agree(work, case, given.draft.outline, None, prepared)
    else:
        await work.cases.save([case])
    await work.offers.record_counter(
        CounterOffer(
            counter_id=counter_id,
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            round=case.rounds,
            asked=given.asked,
            verdict=given.verdict,
            reasons=given.reasons,
            offer_id=offer.offer_id if offer else None,
            plan_id=plan.plan_id if plan else None,
            made_at=work.now,
        )
    )
    return CounterAnswer(given.verdict, given.reasons, plan, offer, case)


async def _offer_instead(work: Work, case: CaseFile, given: Answer) -> Offer | None:
    """The nearest lawful offer, put to the borrower; the same offer that is open already is not put twice."""
    if given.verdict != "countered" or given.draft is None:
        return None
    on_file = (await work.offers.current([case.case_id])).get(case.case_id, [])
    for offer in on_file:
        if offer.is_open(work.now) and offer.outline == given.draft.outline:
            return offer
    offer = put(work, case, prepare(work, case, [given.draft], round_=case.rounds)[0])
    await work.offers.add([offer])
    return offer


def _announce(
    work: Work, case: CaseFile, given: Answer, counter_id: UUID, offer: Offer | None, spoken_by: str | None
) -> None:
    asked = draw_up(given.asked, currency=case.currency, grace_days=case.mandate.grace_days)
    work.announce(
        PlanCountered(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            counter_id=counter_id,
            offer_id=offer.offer_id if offer else None,
            round=case.rounds,
            by="borrower",
            terms=terms_contract(asked),
            answer=given.verdict,
            reasons=given.reasons,
            spoken_by=spoken_by,
        )
    )
