"""Staff want to offer what the mandate gives, or more: at once where they may, after somebody's decision otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower, refuse_where_nothing_may_be_agreed
from services.negotiation.application.ask_approval import Question, ask_approval
from services.negotiation.application.outlines import outline_details, outline_from, outline_id
from services.negotiation.application.ports import Offer, Work
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.approvals import DECIDERS, LENDER, STAFF_ROLES, Actor, Approval, SubjectKind
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.mandates import AuthorityNeeded, authority_needed
from services.negotiation.domain.offers import Draft, is_affordable
from services.negotiation.domain.refusals import OfferEnded
from services.negotiation.domain.terms import Outline
from shared.kernel.refusal import Invalid, Reason


class OfferUnreasonable(Invalid):
    """More than is affordable and outside what the asker may give: nobody is asked to approve both at once."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        reasons = [Reason(code, "/outline") for code in codes]
        super().__init__("offer_unreasonable", "above what is affordable and outside the mandate", reasons)


@dataclass(frozen=True, slots=True)
class Asked:
    """Either the offer, put at once, or the question that has to be answered first."""

    offer: Offer | None = None
    approval: Approval | None = None


async def ask_offer_approval(work: Work, case_id: UUID, outline: Outline, by: Actor, note: str = "") -> Asked:
    """Raises what agreeing raises, AlreadyAsked, OfferEnded (the balance is another), OfferUnreasonable."""
    case = await case_for_borrower(work, case_id)
    await refuse_where_nothing_may_be_agreed(work, case)
    _refuse_other_balance(case, outline)
    mandate = await mandate_for(work, case)
    needed = authority_needed(mandate, outline, case, case.today(work.now), STAFF_ROLES)
    is_too_much = _is_above_affordable(case, outline, case.today(work.now))
    if is_too_much and not needed.lets(by.role):
        raise OfferUnreasonable(("above_affordable_amount", *(needed.outside or ("above_authority",))))
    if not is_too_much and needed.lets(by.role):
        return Asked(offer=await _put(work, case, outline, "within_authority"))
    kind: SubjectKind = "plan_above_affordable" if is_too_much else "discount_above_authority"
    question = Question(
        kind=kind,
        creditor_id=case.creditor_id,
        case_id=case_id,
        subject_id=outline_id(case_id, outline),
        reasons=("above_affordable_amount",) if is_too_much else needed.outside or ("above_authority",),
        details={"outline": outline_details(outline), "mandate_version": mandate.number},
        note=note,
        deciders=_deciders(kind, needed),
    )
    return Asked(approval=await ask_approval(work, question, by))


async def put_approved_offer(work: Work, approval: Approval) -> None:
    """The borrower is offered what was approved. Where the case has moved on meanwhile, the decision is refused."""
    if approval.status != "approved" or approval.case_id is None:
        return
    outline = outline_from(approval.details["outline"])
    case = await case_for_borrower(work, approval.case_id)
    await refuse_where_nothing_may_be_agreed(work, case)
    _refuse_other_balance(case, outline)
    await _put(work, case, outline, "approved_by_lender" if approval.decided_role == LENDER else "approved_by_name")


async def _put(work: Work, case: CaseFile, outline: Outline, code: str) -> Offer:
    """It takes the place of an open offer of its shape: a borrower sees one of a kind."""
    on_file = (await work.offers.current([case.case_id])).get(case.case_id, [])
    await work.offers.withdraw_offers([o.offer_id for o in on_file if o.outline.shape == outline.shape])
    offer = put(work, case, prepare(work, case, [Draft(outline, (code,))], round_=max(1, case.rounds))[0])
    await work.offers.add([offer])
    return offer


def _refuse_other_balance(case: CaseFile, outline: Outline) -> None:
    if outline.total + outline.discount != case.books.balance:
        raise OfferEnded


def _is_above_affordable(case: CaseFile, outline: Outline, today: date) -> bool:
    return not is_affordable(outline, case, today)


def _deciders(kind: SubjectKind, needed: AuthorityNeeded) -> tuple[str, ...]:
    return DECIDERS[kind] if kind == "plan_above_affordable" else (*needed.roles, LENDER)
