"""The subscription table: which event goes to which use case, and the timers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from services.negotiation.application.answer_replies import answer_replies
from services.negotiation.application.book_decisions import book_decisions, forget_payers_words
from services.negotiation.application.check_books import BooksAudit
from services.negotiation.application.collect_remittances import (
    collect_remittances,
    tell_remittances,
    undo_remittances,
)
from services.negotiation.application.decide_approval import expire_approvals
from services.negotiation.application.detect_defaults import detect_defaults
from services.negotiation.application.follow_clearances import follow_clearances
from services.negotiation.application.follow_law import (
    follow_complaints_in_law,
    follow_erasures_in_law,
    follow_in_law,
    follow_plans_in_law,
)
from services.negotiation.application.forget_persons import forget_persons
from services.negotiation.application.forget_visits import forget_visits
from services.negotiation.application.match_entries import match_entries
from services.negotiation.application.note_holds import note_holds, note_releases
from services.negotiation.application.open_cases import open_cases
from services.negotiation.application.pass_relief_time import pass_relief_time
from services.negotiation.application.ports import Resources, Work
from services.negotiation.application.post_payments import post_payments
from services.negotiation.application.prepare_offers import prepare_offers
from services.negotiation.application.recall_cases import recall_cases
from services.negotiation.application.recheck_offers import recheck_offers
from services.negotiation.application.reconcile_trust import TrustAudit, TrustReconciliation
from services.negotiation.application.remind_in_law import remind_in_law
from services.negotiation.application.run_playbook import note_stalled_playbooks
from services.negotiation.application.send_corrections import fetch_answers, send_corrections
from services.negotiation.application.send_refunds import send_refunds
from services.negotiation.application.settle_payments import settle_payments
from services.negotiation.application.sweep_payments import sweep_payments
from services.negotiation.application.take_handovers import take_handovers
from services.negotiation.application.update_cases import update_cases
from services.negotiation.application.upload_evidence import delete_outdated_evidence
from services.negotiation.application.watch_cures import end_cure_watches
from services.negotiation.application.watch_slippage import watch_slippage
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_updated import CaseUpdated
from shared.events.complaint_closed import ComplaintClosed
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.payment_reported import PaymentReported
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
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

    def in_turn(*use_cases: Callable[[Work, Sequence[Event[B]]], Awaitable[None]]) -> Handler[B]:
        async def handler(transaction: Transaction, events: Sequence[Event[B]]) -> None:
            work = await resources.join(transaction)
            for use_case in use_cases:
                await use_case(work, events)

        return handler

    return [
        Subscription(CaseReceived, to(open_cases), provides="case"),
        Subscription(CaseUpdated, to(update_cases), needs=CASE),
        Subscription(CaseAssessed, in_turn(prepare_offers, follow_in_law), needs=CASE),
        Subscription(HoldApplied, in_turn(note_holds, follow_in_law), needs=CASE),
        Subscription(HoldReleased, in_turn(note_releases, follow_in_law), needs=CASE),
        Subscription(BorrowerReplied, to(answer_replies), needs=CASE),
        Subscription(PaymentReported, to(post_payments), needs=CASE),
        Subscription(CaseRecalled, in_turn(recall_cases, follow_in_law), needs=CASE),
        Subscription(PersonErased, in_turn(forget_persons, follow_erasures_in_law)),
        # Our own events, heard again: whatever agrees a plan or closes a case stops the law, without knowing of it.
        Subscription(PlanAgreed, to(follow_plans_in_law), needs=CASE),
        Subscription(CaseClosed, to(follow_in_law), needs=CASE),
        Subscription(ComplaintClosed, to(follow_complaints_in_law), needs=CASE),
    ]


def timers(resources: Resources) -> Sequence[Timer]:
    return [
        Timer("watch_instalments", partial(detect_defaults, resources.begin)),
        Timer("watch_slippage", partial(watch_slippage, resources.begin), idle_s=0.1),
        Timer("stalled_playbooks", partial(note_stalled_playbooks, resources.begin), idle_s=1.0),
        Timer("relief", partial(pass_relief_time, resources.begin), idle_s=0.1),
        Timer("outdated_evidence", partial(delete_outdated_evidence, resources.begin), idle_s=60.0),
        Timer("cure_watches", partial(end_cure_watches, resources.begin), idle_s=1.0),
        Timer("recheck_offers", partial(recheck_offers, resources.begin), idle_s=1.0),
        Timer("expire_approvals", partial(expire_approvals, resources.begin), idle_s=1.0),
        Timer("take_handovers", partial(take_handovers, resources.begin, resources.legal.handovers), idle_s=10.0),
        Timer("remind_in_law", partial(remind_in_law, resources.begin), idle_s=1.0),
        Timer("match_entries", partial(match_entries, resources.begin), idle_s=0.2),
        Timer("book_decisions", partial(book_decisions, resources.begin), idle_s=0.2),
        Timer("forget_payers_words", partial(forget_payers_words, resources.begin), idle_s=60.0),
        Timer("settle_payments", partial(settle_payments, resources.begin)),
        Timer("sweep_payments", partial(sweep_payments, resources.begin, resources.money), idle_s=0.2),
        Timer("send_refunds", partial(send_refunds, resources.begin, resources.money), idle_s=0.2),
        Timer("follow_clearances", partial(follow_clearances, resources.begin), idle_s=0.2),
        Timer("send_corrections", partial(send_corrections, resources), idle_s=0.2),
        Timer("fetch_answers", partial(fetch_answers, resources), idle_s=0.5),
        Timer("forget_visits", partial(forget_visits, resources), idle_s=60.0),
        Timer("check_books", BooksAudit(resources.begin).step, idle_s=60.0),
        Timer("check_trust", TrustAudit(resources.begin).step, idle_s=60.0),
        Timer("reconcile_trust", TrustReconciliation(resources.begin).step, idle_s=60.0),
        Timer("collect_remittances", partial(collect_remittances, resources.begin), idle_s=0.5),
        Timer("undo_remittances", partial(undo_remittances, resources.begin), idle_s=0.5),
        Timer("tell_remittances", partial(tell_remittances, resources.begin), idle_s=0.5),
    ]
