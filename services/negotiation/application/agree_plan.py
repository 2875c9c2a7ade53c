"""Agreement: the borrower accepts an offer that was put, and its terms are sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.negotiation.application.announcements import plan_agreed, seal
from services.negotiation.application.check_fairness import refuse_unfair
from services.negotiation.application.keep_evidence import keep_evidence, refuse_other_terms
from services.negotiation.application.legal_facts import is_time_barred
from services.negotiation.application.ports import InstalmentRow, Offer, Plan, Step, Work
from services.negotiation.application.prepare_agreement import PreparedAgreement
from services.negotiation.application.recheck_offers import is_outside_now
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.domain.case_file import CaseFile, CurrentPlan, blocking_hold
from services.negotiation.domain.offers import APPROVED, is_affordable
from services.negotiation.domain.plan import Standing, stand, watch_at
from services.negotiation.domain.refusals import (
    AboveAffordable,
    CaseClosed,
    HoldStands,
    NoSuchThing,
    OfferEnded,
    PlanExists,
    TermsChanged,
)
from services.negotiation.domain.terms import Outline, draw_up
from shared.kernel.identifiers import new_id


async def accept_offer(
    work: Work, case_id: UUID, offer_id: UUID, terms_hash: str, prepared: PreparedAgreement | None = None
) -> Plan:
    """Agree to an open offer. Accepting the same offer again answers with the same plan.

    `prepared` is from `prepare_for_offer`; without it neither evidence nor a copy of the agreement is kept.

    Raises CaseClosed, PlanExists, HoldStands, OfferEnded, TermsChanged, NoSuchThing, AboveAffordable.
    """
    case = await case_for_borrower(work, case_id)
    if case.active_plan_id is not None:
        plan = (await work.plans.load([case.active_plan_id]))[case.active_plan_id]
        if plan.offer_id == offer_id and plan.terms_hash == terms_hash:
            return plan
    await refuse_where_nothing_may_be_agreed(work, case)
    offer = await work.offers.find(case_id, offer_id)
    if offer.terms_hash is not None and offer.terms_hash != terms_hash:
        raise TermsChanged
    fits_balance = offer.outline.total + offer.outline.discount == case.books.balance
    if not offer.is_open(work.now) or not fits_balance or await is_outside_now(work, case, offer):
        raise OfferEnded
    _refuse_unaffordable(case, offer, case.today(work.now))
    await work.offers.save([replace(offer, status="accepted")])
    return await agree(work, case, offer.outline, offer_id, prepared)


def _refuse_unaffordable(case: CaseFile, offer: Offer, today: date) -> None:
    """What was stated since the offer was put counts, unless a named person has allowed this offer."""
    if case.known_means(today) is None or APPROVED & set(offer.reasons):
        return
    if not is_affordable(offer.outline, case, today):
        raise AboveAffordable


async def case_for_borrower(work: Work, case_id: UUID) -> CaseFile:
    """The locked case. One whose person was erased is not shown to anybody."""
    case = (await work.cases.for_change([case_id])).get(case_id)
    if case is None or case.is_erased:
        raise NoSuchThing("case")
    return case


async def refuse_where_nothing_may_be_agreed(work: Work, case: CaseFile) -> None:
    if case.closed is not None or case.books.balance == 0:
        raise CaseClosed
    if case.active_plan_id is not None:
        raise PlanExists
    kind = blocking_hold((await work.holds.of([case.case_id])).get(case.case_id, []), work.now)
    if kind is not None:
        raise HoldStands(kind)


async def agree(
    work: Work,
    case: CaseFile,
    outline: Outline,
    offer_id: UUID | None,
    prepared: PreparedAgreement | None = None,
    *,
    replaces: UUID | None = None,
) -> Plan:
    """Seal the terms, start the watch, end all other offers, keep the evidence, and say plan.agreed.

    `replaces`: a plan that ran until now. A defaulted one is known from the case.
    """
    terms = draw_up(outline, currency=case.currency, grace_days=case.mandate.grace_days)
    refuse_unfair(
        case,
        terms,
        case.today(work.now),
        was_offered=offer_id is not None,
        clauses=prepared.drawn.text.codes if prepared is not None else None,
        is_time_barred=await is_time_barred(work, case) if prepared is not None else None,
    )
    refuse_other_terms(prepared, case, terms)
    is_after_default = case.plan is not None and case.plan.status == "defaulted"
    defaulted = case.plan.plan_id if case.plan is not None and is_after_default else None
    plan = Plan(
        plan_id=prepared.drawn.plan_id if prepared is not None else new_id(),
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        offer_id=offer_id,
        replaces_plan_id=replaces or defaulted,
        terms=terms,
        terms_hash=seal(terms),
        status="active",
        agreed_at=prepared.drawn.agreed_at if prepared is not None else work.now,
    )
    standing = stand(terms, [], now=work.now, zones=case.zones)
    await work.plans.add(plan, instalment_rows(plan, standing, case.zones))
    await work.offers.withdraw([case.case_id])
    if defaulted is not None:
        step = Step(defaulted, case.case_id, case.creditor_id, "agreed_again", work.now, None)
        await take_steps(work, [step])
    await work.cases.save([replace(case, plan=CurrentPlan(plan.plan_id, "active"), rounds=0)])
    await work.watch.look([case])
    copy = await keep_evidence(work, plan, prepared) if prepared is not None else None
    work.announce(plan_agreed(plan, copy=copy))
    return plan


def instalment_rows(plan: Plan, standing: Standing, zones: tuple[str, ...]) -> list[InstalmentRow]:
    """The standing of a plan as the watch stores it.

    While the plan runs, the first instalment that is not kept is watched, and no other: deadlines only grow, so it is
    the one that can break the plan, and a sweep that breaks a plan changes one row and not all the future ones.
    """
    unkept = (s.instalment.number for s in standing.instalments if not s.is_kept)
    watched = next(unkept, None) if plan.status == "active" else None
    return [
        InstalmentRow(
            plan_id=plan.plan_id,
            case_id=plan.case_id,
            creditor_id=plan.creditor_id,
            number=s.instalment.number,
            due_on=s.instalment.due_on,
            amount=s.instalment.amount,
            paid=s.paid,
            is_watched=s.instalment.number == watched,
            watch_at=watch_at(s.instalment, plan.terms.grace_days, zones),
        )
        for s in standing.instalments
    ]
