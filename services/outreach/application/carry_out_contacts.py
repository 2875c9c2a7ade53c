"""Carry out what is reserved: reveal, word, hand over, send, settle. No network call lies inside a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.ports import Resources
from services.outreach.application.prepare_texts import keep_texts, prepare_texts
from services.outreach.application.propose_contacts import Proposals
from services.outreach.application.records import Lease
from services.outreach.application.settle_contacts import settle_contacts
from services.outreach.application.withhold_contacts import Ready, find_overtaken, withhold_overtaken
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
        too_late = await withhold_overtaken(resources, work, proposals, ready)
        wanted = [held[attempt_id] for attempt_id in messages if attempt_id not in too_late]
        ours = await work.attempts.hand_over(wanted, resources.limits.lease_s)
        await keep_texts(work, texts, ours)
        await work.commit()
    fault_point("outreach.before_provider")
    handing_over = _HandingOver(resources, proposals, ready, set())
    results = await resources.channels.send(
        [messages[attempt_id] for attempt_id in messages if attempt_id in ours], handing_over
    )
    fault_point("outreach.after_provider")
    await settle_contacts(resources, [(held[attempt_id], status) for attempt_id, status in results.items()])


@dataclass(frozen=True)
class _HandingOver:
    """Keeps whom each attempt is given to. Before it is given to a second provider the gate is asked again."""

    resources: Resources
    proposals: Proposals
    ready: Ready
    given: set[UUID]

    async def __call__(self, providers: Mapping[UUID, str]) -> Collection[UUID]:
        held = {entry.attempt_id: lease for lease, entry in self.ready if entry.attempt_id in providers}
        again = [pair for pair in self.ready if pair[1].attempt_id in providers.keys() & self.given]
        async with self.resources.begin() as work:
            overtaken = await find_overtaken(self.resources, work, self.proposals, again)
            wanted = [held[attempt_id] for attempt_id in sorted(providers) if attempt_id not in overtaken]
            ours = await work.attempts.note_providers(wanted, providers)
            await work.commit()
        self.given.update(providers)
        return ours
