"""What became of attempts: the outcome, `contact.attempted`, and the next step of the ladder, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import Lease, PlannedContact, SentAttempt, Settlement
from services.outreach.domain.attempt import conveys, counts, higher
from services.outreach.domain.ladder import after_outcome, rested
from shared.events.contact_attempted import ContactAttempted
from shared.messaging.backoff import Backoff, is_transient

NOT_ACCEPTED_RETRY = timedelta(minutes=5)
UNCLEAR_LEASE_S = 2.0
"""How soon the provider is asked what became of a message whose fate is unclear."""
SETTLE_TRIES_MAX = 5


async def settle_contacts(resources: Resources, results: Sequence[tuple[Lease, str]]) -> None:
    """Settle what the provider said. Tried again where the database is away; after that recovery settles it."""
    backoff = Backoff()
    for attempt in range(1, SETTLE_TRIES_MAX + 1):
        try:
            await _settle(resources, results)
            return
        except Exception as error:
            if attempt == SETTLE_TRIES_MAX or not is_transient(error):
                raise
            await backoff.wait()


async def _settle(resources: Resources, results: Sequence[tuple[Lease, str]]) -> None:
    refused = [lease for lease, status in results if status == NOT_ACCEPTED]
    unclear = [lease for lease, status in results if status == UNCLEAR]
    known = {lease.attempt_id: status for lease, status in results if status not in (NOT_ACCEPTED, UNCLEAR)}
    async with resources.begin() as work:
        if refused:
            await work.attempts.release(refused, work.now + NOT_ACCEPTED_RETRY)
        if unclear:
            await work.attempts.expire_soon(unclear, UNCLEAR_LEASE_S)
        sent = await work.attempts.lock_sent([lease for lease, _ in results if lease.attempt_id in known])
        await write_outcomes(resources, work, [(attempt, known[attempt.attempt_id]) for attempt in sent])
        await work.commit()


async def write_outcomes(resources: Resources, work: Work, sent: Sequence[tuple[SentAttempt, str]]) -> None:
    """Settle locked attempts, announce them, and let the ladder go on, in the caller's transaction."""
    settlements, plans, attempts = [], [], []
    communications: dict[UUID, datetime] = {}
    states = await work.harm.effective() if sent else {}
    for attempt, status in sent:
        # A delivery report may have been here before us.
        outcome = higher(attempt.receipt, status)
        settlements.append(Settlement(attempt.attempt_id, outcome, counts(outcome)))
        work.announce(_attempted(attempt, outcome), caused_by=attempt.cause)
        if conveys(outcome):
            communications.setdefault(attempt.case_id, attempt.handed_over_at)
        if attempt.progress is not None:
            ladder = resources.ladders.of(attempt.progress.strategy)
            if states.get(attempt.progress.strategy) == "slowed":
                ladder = rested(ladder)
            progress = after_outcome(attempt.progress, ladder, outcome, work.now)
            plans.append(PlannedContact(attempt.case_id, attempt.person_id, progress, None, attempt.cause))
            attempts.append(attempt.attempt_id)
    await work.attempts.settle(settlements)
    await work.validations.begin(communications)
    await work.plans.save_after(plans, attempts)


def _attempted(attempt: SentAttempt, outcome: str) -> ContactAttempted:
    return ContactAttempted.model_validate(
        {
            "case_id": attempt.case_id,
            "creditor_id": attempt.creditor_id,
            "person_id": attempt.person_id,
            "attempt_id": attempt.attempt_id,
            "contact_point_id": attempt.contact_point_id,
            "channel": attempt.channel,
            "rung": attempt.rung,
            "template": attempt.template,
            "decision_id": attempt.decision_id,
            "facts_hash": attempt.facts_hash,
            "pack_hash": attempt.pack_hash,
            "packs": attempt.packs,
            "outcome": outcome,
            "counts": counts(outcome),
            "attempted_at": attempt.handed_over_at,
            "chain_position": attempt.chain.position,
            "chain_hash": attempt.chain.chain_hash,
            "content_hash": attempt.content_hash,
        }
    )
