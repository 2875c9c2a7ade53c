"""Carry out what is reserved: reveal, word, hand over, send, settle. No network call lies inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog

from services.outreach.application.ports import Resources, VaultAway, Work
from services.outreach.application.prepare_texts import keep_texts, prepare_texts
from services.outreach.application.propose_contacts import ASK_AGAIN_AFTER, Proposals
from services.outreach.application.records import Lease, Reservation
from services.outreach.application.settle_contacts import settle_contacts
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import from_document
from shared.service.faults import fault_point

VAULT_AWAY_RETRY = timedelta(minutes=5)
CANNOT_RETRY = timedelta(days=1)
"""The vault has the address no longer, or no text can be made: somebody has to look, or news has to come."""

log = structlog.get_logger("concord.outreach.contacts")


async def carry_out_contacts(resources: Resources, proposals: Proposals, leases: Sequence[Lease]) -> None:
    """Send what is still permitted and still ours at the moment of sending; release the rest."""
    held = {lease.attempt_id: lease for lease in leases}
    reservations = [entry for entry in proposals.reservations if entry.attempt_id in held]
    try:
        addressees = await resources.vault.reveal(
            {entry.contact_point_id: (entry.case_id, entry.creditor_id) for entry in reservations}
        )
    except VaultAway:
        async with resources.begin() as work:
            await work.attempts.release(list(held.values()), work.now + VAULT_AWAY_RETRY)
            await work.commit()
        return
    texts = await prepare_texts(resources, proposals, reservations, addressees)
    messages = texts.messages
    async with resources.begin() as work:
        unsendable = [held[entry.attempt_id] for entry in reservations if entry.attempt_id not in messages]
        await work.attempts.release(unsendable, work.now + CANNOT_RETRY)
        ready = [(held[entry.attempt_id], entry) for entry in reservations if entry.attempt_id in messages]
        too_late = await _release_late(resources, work, proposals, ready)
        wanted = [held[attempt_id] for attempt_id in messages if attempt_id not in too_late]
        ours = await work.attempts.hand_over(wanted, resources.limits.lease_s)
        await keep_texts(work, texts, ours)
        await work.commit()
    fault_point("outreach.before_provider")
    results = await resources.channels.send(
        [messages[attempt_id] for attempt_id in messages if attempt_id in ours], partial(_hand_over, resources, held)
    )
    fault_point("outreach.after_provider")
    await settle_contacts(resources, [(held[attempt_id], status) for attempt_id, status in results.items()])


async def _hand_over(
    resources: Resources, held: Mapping[UUID, Lease], providers: Mapping[UUID, str]
) -> Collection[UUID]:
    async with resources.begin() as work:
        ours = await work.attempts.note_providers([held[attempt_id] for attempt_id in sorted(providers)], providers)
        await work.commit()
    return ours


async def _release_late(
    resources: Resources, work: Work, proposals: Proposals, ready: Sequence[tuple[Lease, Reservation]]
) -> set[UUID]:
    """Ask once more at the moment of sending: a window may have closed since the decision (a message counts when sent).

    Holds and refusals that came meanwhile have taken their reservations back themselves.
    """
    decisions = {entry.decision_id: entry for entry in proposals.decisions}
    late: set[UUID] = set()
    for lease, entry in ready:
        kept = decisions[entry.decision_id]
        if kept.decided_at == work.now:
            continue
        again = _ask_again(resources, kept.decision, work.now)
        if not again.is_allowed:
            late.add(entry.attempt_id)
            retry_at = max(again.until or work.now, work.now + ASK_AGAIN_AFTER)
            await work.attempts.release([lease], retry_at)
    return late


def _ask_again(resources: Resources, decision: Decision, now: datetime) -> Decision:
    request, facts, _ = from_document(json.loads(decision.facts_text))
    return decide(request, facts, resources.packs, now)
