"""Attempts whose process died or whose provider gave no answer: ask what became of them, and never send blindly."""

from __future__ import annotations

from collections import defaultdict

from services.outreach.application.ports import UNCLEAR, Resources
from services.outreach.application.records import ExpiredLease, Lease
from services.outreach.application.settle_contacts import settle_contacts

TAKEOVERS_MAX = 20
"""How often a provider that gives no answer is asked; then the attempt ends `unknown`, and still counts."""


async def recover_contacts(resources: Resources) -> int:
    """Resolve one batch of attempts with an expired lease; answers with its size.

    Reserved and never handed over: nothing went out, the case is decided about again under the same attempt id. Handed
    over: the provider is asked; one that cannot tell leaves the attempt `unknown`.
    """
    limits = resources.limits
    async with resources.begin() as work:
        expired = await work.attempts.take_over_expired(limits.recover_attempts, limits.lease_s)
        never_left = [entry.lease for entry in expired if entry.state == "reserved"]
        if never_left:
            await work.attempts.release(never_left, work.now)
        await work.commit()
    handed_over = [entry for entry in expired if entry.state == "sending"]
    if handed_over:
        await settle_contacts(resources, await _ask(resources, handed_over))
    return len(expired)


async def _ask(resources: Resources, expired: list[ExpiredLease]) -> list[tuple[Lease, str]]:
    by_channel: dict[str, list[ExpiredLease]] = defaultdict(list)
    for entry in expired:
        by_channel[entry.channel].append(entry)
    async with resources.begin() as work:
        by_hand = await work.calls.among([entry.lease.attempt_id for entry in expired])
    answers: list[tuple[Lease, str]] = []
    for channel, entries in by_channel.items():
        known = await resources.channels.look_up(channel, [entry.lease.attempt_id for entry in entries])
        for entry in entries:
            # A provider knows nothing of a call that a person made: no note came, so nobody can say.
            is_by_hand = entry.lease.attempt_id in by_hand
            status = "unknown" if known is None or is_by_hand else known.get(entry.lease.attempt_id, UNCLEAR)
            if status == UNCLEAR and entry.takeovers >= TAKEOVERS_MAX:
                status = "unknown"
            answers.append((entry.lease, status))
    return answers
