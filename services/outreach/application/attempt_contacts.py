"""The sweep of due contacts: decide about many cases at once, reserve, and carry out what is reserved.

Reserve first, act second. The attempt and its allow decision are committed before anybody outside hears of them, the
provider is called with the attempt's id as its key, and whoever settles must hold the attempt's newest token. A process
that dies in between leaves an attempt that counts and that `recover_contacts` resolves; nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.outreach.application.carry_out_contacts import carry_out_contacts
from services.outreach.application.feed_queue import queue_calls
from services.outreach.application.ports import Resources
from services.outreach.application.propose_contacts import Proposals, announce_denials, propose_contacts
from services.outreach.application.prove_steps import keep_escalation
from services.outreach.application.records import Lease
from shared.service.faults import fault_point


@dataclass(frozen=True, slots=True)
class Planned:
    """What one batch came to. `leases`: what is reserved, and ours to carry out."""

    looked_at: int
    proposals: Proposals
    leases: Sequence[Lease]


async def attempt_contacts(resources: Resources) -> int:
    """Handle one batch of due contacts; answers with how many plans it looked at."""
    planned = await plan_due_contacts(resources)
    if not planned.looked_at:
        return 0
    fault_point("outreach.after_reserve")
    if planned.leases:
        await carry_out_contacts(resources, planned.proposals, planned.leases)
    return planned.looked_at


async def plan_due_contacts(resources: Resources) -> Planned:
    """Decide about one batch and reserve what is allowed; nobody outside has heard of it yet."""
    limits = resources.limits
    async with resources.begin() as work:
        due = await work.plans.claim_due(limits.sweep_cases)
        if not due:
            return Planned(0, Proposals(), ())
        proposals = await propose_contacts(resources, work, due)
        leases = await work.attempts.reserve(proposals.reservations, limits.lease_s)
        links = await work.decisions.add(proposals.decisions)
        await keep_escalation(work, proposals.escalation)
        await work.plans.save(proposals.plans)
        await announce_denials(work, proposals, links)
        await queue_calls(work, proposals.by_hand)
        if proposals.learning is not None:
            await work.choices.keep(proposals.learning.kept, resources.harm.response_days)
        await work.commit()
    return Planned(len(due), proposals, leases)
