"""Payments of which nothing was heard: the provider is asked, in bounded batches and ever more rarely.

This is what makes a crash between reserving and calling harmless, and a notice that never comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from services.negotiation.application.ports import OpenWork
from services.negotiation.application.receipts_ports import Money, ProviderAway, ProviderRefused, ProviderState
from services.negotiation.application.settle_payments import Said, add_notice
from services.negotiation.application.start_payment import LEASE, call_provider
from services.negotiation.domain.receipts.intents import Intent, NoticeKind
from shared.kernel.refusal import Overloaded

BATCH = 20
LOOK_AGAIN_MIN = timedelta(minutes=10)
LOOK_AGAIN_MAX = timedelta(hours=6)
ATTEMPTS_MAX = 60
"""After that the provider has been silent for two weeks: `review` says so, and nobody asks any more."""


async def sweep_payments(begin: OpenWork, money: Money) -> int:
    """Ask the provider about those that are due; answers with how many were looked at."""
    async with begin() as work:
        due = await work.intents.due(BATCH)
        leased = [replace(intent, due_at=work.now + LEASE, attempts=intent.attempts + 1) for intent in due]
        await work.intents.save(leased)
        await work.commit()
    for intent in leased:
        await _look(begin, money, intent)
    return len(leased)


async def _look(begin: OpenWork, money: Money, intent: Intent) -> None:
    if intent.method == "bank_transfer":
        await _end_wait(begin, intent)
        return
    try:
        known = await money.provider.look(intent.payment_id)
        if known.state == "unknown":
            await _begin_or_expire(begin, money, intent)
        else:
            await _note(begin, intent, known)
    except (ProviderAway, ProviderRefused, Overloaded):
        await _later(begin, intent)


async def _begin_or_expire(begin: OpenWork, money: Money, intent: Intent) -> None:
    """The provider has never heard of it: the call was lost before it arrived."""
    async with begin(intent.case_id) as work:
        is_over = work.now >= intent.expires_at
    if is_over:
        await _end_wait(begin, intent)
    else:
        await call_provider(begin, money, intent, "en")


async def _note(begin: OpenWork, intent: Intent, known: ProviderState) -> None:
    """Give the answer to the same sweep that settles notices: there is one way to book, whoever told of it."""
    async with begin(intent.case_id) as work:
        for said in _said(intent, known, work.now):
            await add_notice(work, intent.case_id, said)
        now = (await work.intents.for_change([intent.payment_id]))[intent.payment_id]
        if known.state == "open" and known.started is not None and now.state == "reserved":
            now = replace(now, state="started", reference=known.started.reference, address=known.started.address)
        await work.intents.save([_next_look(now, work.now) if known.state == "open" else replace(now, due_at=None)])
        await work.commit()


def _said(intent: Intent, known: ProviderState, now: datetime) -> Iterator[Said]:
    kinds: list[NoticeKind] = []
    if known.state in ("succeeded", "declined", "expired"):
        kinds.append(known.state)
    if known.is_charged_back:
        kinds.append("charged_back")
    occurred_at = datetime.combine(known.on, time(12), UTC) if known.on is not None else now
    for kind in kinds:
        notice_id = f"look:{intent.payment_id}:{kind}"
        yield Said(notice_id, intent.payment_id, kind, known.amount, known.currency, occurred_at)


async def _end_wait(begin: OpenWork, intent: Intent) -> None:
    async with begin(intent.case_id) as work:
        now = (await work.intents.for_change([intent.payment_id]))[intent.payment_id]
        if now.state in ("reserved", "started"):
            await work.intents.save([replace(now, state="expired", due_at=None)])
            await work.commit()


async def _later(begin: OpenWork, intent: Intent) -> None:
    async with begin(intent.case_id) as work:
        now = (await work.intents.for_change([intent.payment_id]))[intent.payment_id]
        if now.due_at is not None:
            await work.intents.save([_next_look(now, work.now)])
            await work.commit()


def _next_look(intent: Intent, now: datetime) -> Intent:
    if intent.attempts >= ATTEMPTS_MAX:
        return replace(intent, due_at=None, review="payment_unknown")
    wait = min(LOOK_AGAIN_MAX, LOOK_AGAIN_MIN * 2 ** min(intent.attempts, 10))
    # Once it has run out, the provider's last word is asked for at once.
    due_at = min(now + wait, intent.expires_at) if now < intent.expires_at else now + wait
    return replace(intent, due_at=due_at)
