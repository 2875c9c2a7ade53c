"""One message of the borrower's side over the protocol, and the agency's answer to it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import UUID

from services.negotiation.application.agree_plan import accept_offer, case_for_borrower
from services.negotiation.application.announcements import terms_contract, terms_of
from services.negotiation.application.answer_counter_offer import answer_counter_offer
from services.negotiation.application.conversation_ports import AgencysPen, Incoming, LoggedMessage
from services.negotiation.application.ports import Offer, Plan, Work
from services.negotiation.application.prepare_agreement import PreparedAgreement
from services.negotiation.application.propose_offers import put_current
from services.negotiation.domain.case_file import ROUNDS_MAX, CaseFile, blocking_hold
from services.negotiation.domain.conversation import (
    FIRST,
    MESSAGES_MAX,
    PROTOCOL,
    AnswerKind,
    Grant,
    chain_hash,
)
from services.negotiation.domain.refusals import (
    ConversationFull,
    HistoryMoved,
    MessageDiffers,
    ScopeMissing,
)
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Refusal

OUT_OF_PLACE = (ScopeMissing, HistoryMoved, MessageDiffers, ConversationFull)


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands: what the next message comes after, and what may be accepted now."""

    case: CaseFile
    head: str
    messages: int
    offers: Sequence[Offer]
    rounds_left: int
    blocked_by: str | None


async def see_state(work: Work, case_id: UUID) -> State:
    """Reads only: offers that nobody has put yet stay unseen until somebody asks."""
    case = await work.cases.read(case_id)
    newest = await work.conversations.newest(case_id)
    on_file = (await work.offers.current([case_id])).get(case_id, [])
    return State(
        case=case,
        head=newest.hash if newest is not None else FIRST,
        messages=newest.position if newest is not None else 0,
        offers=[offer for offer in on_file if offer.is_open(work.now)],
        rounds_left=max(0, ROUNDS_MAX - case.rounds),
        blocked_by=blocking_hold((await work.holds.of([case_id])).get(case_id, []), work.now),
    )


async def converse(
    work: Work,
    pen: AgencysPen,
    grant: Grant,
    incoming: Incoming,
    prepared: PreparedAgreement | None = None,
    *,
    refused: Refusal | None = None,
) -> list[LoggedMessage]:
    """The answer to a message; the same answer where it was said before. The caller commits.

    Raises `OUT_OF_PLACE` where the message does not belong into the conversation, and the refusals of what it asks for:
    those are an answer too. The caller lets go of what was half done and calls again with `refused`, which is then
    taken down and answered instead of acted upon. `prepared` is the copy of the agreement that may come of it.
    """
    case = await case_for_borrower(work, grant.case_id)
    known = await work.conversations.find(case.case_id, incoming.message_id)
    if known is not None:
        if known.document != incoming.document:
            raise MessageDiffers
        return await work.conversations.answers(case.case_id, incoming.message_id)
    if not grant.allows(incoming.kind):
        raise ScopeMissing(incoming.kind)
    talk = await _Talk.about(work, case)
    if incoming.after != talk.head:
        raise HistoryMoved(talk.head)
    if talk.position + 2 > MESSAGES_MAX:
        raise ConversationFull
    talk.take_down(incoming.message_id, incoming.document, grant_id=grant.grant_id)
    if refused is None:
        kind, content = await _answer(work, grant, incoming, prepared)
    else:
        kind, content = "refusal", _reasons(refused)
    talk.say(pen, kind, content, in_reply_to=incoming.message_id)
    await work.conversations.append(talk.said)
    return [message for message in talk.said if message.in_reply_to == incoming.message_id]


async def _answer(
    work: Work, grant: Grant, incoming: Incoming, prepared: PreparedAgreement | None
) -> tuple[AnswerKind, dict[str, Any]]:
    match incoming.kind:
        case "propose" if incoming.wish is not None:
            given = await answer_counter_offer(work, grant.case_id, incoming.wish, prepared, spoken_by=grant.holder)
            if given.plan is not None:
                return "agreed", _agreed(given.plan) | {"reasons": list(given.reasons)}
            offer = _offer(given.offer, given.case) if given.offer is not None else None
            return "answer", {"verdict": given.verdict, "reasons": list(given.reasons), "offer": offer}
        case "accept" if incoming.offer_id is not None and incoming.terms_hash is not None:
            plan = await accept_offer(work, grant.case_id, incoming.offer_id, incoming.terms_hash, prepared)
            return "agreed", _agreed(plan) | {"reasons": ["your_acceptance"]}
        case "decline" if incoming.offer_id is not None:
            declined = await work.offers.find(grant.case_id, incoming.offer_id)
            await work.offers.withdraw_offers([declined.offer_id])
            return "noted", {"offer_id": str(declined.offer_id), "reasons": ["offer_withdrawn_at_your_word"]}
        case "ask":
            case = await case_for_borrower(work, grant.case_id)
            offers = await put_current(work, case) if case.may_be_offered() else []
            reasons = ["open_offers"] if offers else ["nothing_can_be_offered_now"]
            return "offers", {"offers": [_offer(each, case) for each in offers], "reasons": reasons}
        case _:
            raise AssertionError("the entry point has checked what each kind of message needs")


def _offer(offer: Offer, case: CaseFile) -> dict[str, Any]:
    return {
        "offer_id": str(offer.offer_id),
        "terms": terms_contract(terms_of(offer, case)).model_dump(mode="json"),
        "terms_hash": offer.terms_hash,
        "reasons": list(offer.reasons),
        "expires_at": offer.expires_at.astimezone(UTC).isoformat() if offer.expires_at else None,
    }


def _agreed(plan: Plan) -> dict[str, Any]:
    return {
        "plan_id": str(plan.plan_id),
        "terms": terms_contract(plan.terms).model_dump(mode="json"),
        "terms_hash": plan.terms_hash,
        "agreed_at": plan.agreed_at.astimezone(UTC).isoformat(),
    }


def _reasons(refusal: Refusal) -> dict[str, Any]:
    return {"reasons": [refusal.code, *(reason.code for reason in refusal.reasons)]}


@dataclass(slots=True)
class _Talk:
    """The end of a conversation, and what is added to it."""

    work: Work
    case: CaseFile
    head: str
    position: int
    said: list[LoggedMessage] = field(default_factory=list)

    @classmethod
    async def about(cls, work: Work, case: CaseFile) -> _Talk:
        newest = await work.conversations.newest(case.case_id)
        return cls(work, case, newest.hash, newest.position) if newest is not None else cls(work, case, FIRST, 0)

    def say(self, pen: AgencysPen, kind: AnswerKind, content: Mapping[str, Any], *, in_reply_to: UUID) -> None:
        message_id = new_id()
        message = {
            "protocol": PROTOCOL,
            "message_id": str(message_id),
            "case_id": str(self.case.case_id),
            "from": "agency",
            "after": self.head,
            "in_reply_to": str(in_reply_to),
            "sent_at": self.work.now.astimezone(UTC).isoformat(),
            "kind": kind,
            **content,
        }
        self.take_down(message_id, pen.sign(message), in_reply_to=in_reply_to)

    def take_down(
        self, message_id: UUID, document: bytes, *, grant_id: UUID | None = None, in_reply_to: UUID | None = None
    ) -> None:
        self.head, self.position = chain_hash(self.head, document), self.position + 1
        self.said.append(
            LoggedMessage(
                case_id=self.case.case_id,
                creditor_id=self.case.creditor_id,
                position=self.position,
                message_id=message_id,
                grant_id=grant_id,
                in_reply_to=in_reply_to,
                document=document,
                hash=self.head,
                said_at=self.work.now,
            )
        )
