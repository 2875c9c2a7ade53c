"""Attempts whose process died or whose provider gave no answer: ask what became of them, and never send blindly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.outreach.application.channel_ports import Asked
from services.outreach.application.contact_ports import UNCLEAR, VaultAway
from services.outreach.application.ports import Resources
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


async def _ask(resources: Resources, expired: Sequence[ExpiredLease]) -> list[tuple[Lease, str]]:
    async with resources.begin() as work:
        by_hand = await work.calls.among([entry.lease.attempt_id for entry in expired])
    # A report has come: that the provider has it is proven, whatever else is not.
    known = {entry.lease.attempt_id: entry.receipt for entry in expired if entry.receipt is not None}
    # A provider knows nothing of a call that a person made: no note came, so nobody can say.
    known |= {entry.lease.attempt_id: "unknown" for entry in expired if entry.lease.attempt_id in by_hand}
    to_ask = [entry for entry in expired if entry.lease.attempt_id not in known]
    addresses = await _addresses(resources, to_ask)
    if to_ask:
        known |= await resources.channels.look_up([_asked(entry, addresses) for entry in to_ask])
    return [(entry.lease, _settled(entry, known.get(entry.lease.attempt_id, UNCLEAR))) for entry in expired]


def _asked(entry: ExpiredLease, addresses: Mapping[UUID, str]) -> Asked:
    to = addresses.get(entry.contact_point_id)
    return Asked(entry.lease.attempt_id, entry.channel, entry.provider, to, entry.handed_over_at)


def _settled(entry: ExpiredLease, status: str) -> str:
    return "unknown" if status == UNCLEAR and entry.takeovers >= TAKEOVERS_MAX else status


async def _addresses(resources: Resources, expired: Sequence[ExpiredLease]) -> dict[UUID, str]:
    """By contact point, for the providers that find a message by its address alone. Empty while the vault is away."""
    wanted = {
        entry.contact_point_id: (entry.case_id, entry.creditor_id)
        for entry in expired
        if resources.channels.finds_by_address(entry.provider)
    }
    if not wanted:
        return {}
    try:
        found = await resources.vault.reveal(wanted)
    except VaultAway:
        return {}
    return {point_id: addressee.value for point_id, addressee in found.items()}
