"""The subscription table: which event goes to which use case, and the timers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from services.negotiation.application.answer_replies import answer_replies
from services.negotiation.application.check_books import BooksAudit
from services.negotiation.application.decide_approval import expire_approvals
from services.negotiation.application.detect_defaults import detect_defaults
from services.negotiation.application.forget_persons import forget_persons
from services.negotiation.application.note_holds import note_holds, note_releases
from services.negotiation.application.open_cases import open_cases
from services.negotiation.application.ports import Resources, Work
from services.negotiation.application.post_payments import post_payments
from services.negotiation.application.prepare_offers import prepare_offers
from services.negotiation.application.recall_cases import recall_cases
from services.negotiation.application.recheck_offers import recheck_offers
from services.negotiation.application.run_playbook import note_stalled_playbooks
from services.negotiation.application.update_cases import update_cases
from services.negotiation.application.watch_cures import end_cure_watches
from services.negotiation.application.watch_slippage import watch_slippage
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_assessed import CaseAssessed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_updated import CaseUpdated
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.payment_reported import PaymentReported
from shared.events.person_erased import PersonErased
from shared.messaging.subscription import AnySubscription, Handler, Subscription
from shared.service.service import Timer

B = TypeVar("B", bound=EventBody)

CASE = frozenset({"case"})


def subscriptions(resources: Resources) -> Sequence[AnySubscription]:
    """Everything but an erasure is about a case that must be known first; the loop keeps it until then."""

    def to(use_case: Callable[[Work, Sequence[Event[B]]], Awaitable[None]]) -> Handler[B]:
        async def handler(transaction: Transaction, events: Sequence[Event[B]]) -> None:
            await use_case(await resources.join(transaction), events)

        return handler

    return [
        Subscription(CaseReceived, to(open_cases), provides="case"),
        Subscription(CaseUpdated, to(update_cases), needs=CASE),
        Subscription(CaseAssessed, to(prepare_offers), needs=CASE),
        Subscription(HoldApplied, to(note_holds), needs=CASE),
        Subscription(HoldReleased, to(note_releases), needs=CASE),
        Subscription(BorrowerReplied, to(answer_replies), needs=CASE),
        Subscription(PaymentReported, to(post_payments), needs=CASE),
        Subscription(CaseRecalled, to(recall_cases), needs=CASE),
        Subscription(PersonErased, to(forget_persons)),
    ]


def timers(resources: Resources) -> Sequence[Timer]:
    return [
        Timer("watch_instalments", partial(detect_defaults, resources.begin)),
        Timer("watch_slippage", partial(watch_slippage, resources.begin), idle_s=0.5),
        Timer("stalled_playbooks", partial(note_stalled_playbooks, resources.begin), idle_s=5.0),
        Timer("cure_watches", partial(end_cure_watches, resources.begin), idle_s=5.0),
        Timer("recheck_offers", partial(recheck_offers, resources.begin), idle_s=5.0),
        Timer("expire_approvals", partial(expire_approvals, resources.begin), idle_s=60.0),
        Timer("check_books", BooksAudit(resources.begin).step, idle_s=60.0),
    ]
