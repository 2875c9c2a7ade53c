"""Ask the vault for tokens of persons who are new, and group those that are one human being.

Nothing waits for it long: a case is grouped before its first contact is decided, and a contact that was denied for want
of a token is asked about anew as soon as there is one.
"""

from __future__ import annotations

from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.ports import Resources

PERSONS_AT_ONCE = 1_000
ASK_LEASE_S = 15.0
"""How long one process may take over a question before another asks it too. Longer than the vault's time limit."""
ASK_AGAIN_S = 2.0
ASK_ANEW_S = 7 * 86_400.0
"""A person may have become known by another number since, and the vault's key may have changed."""


async def group_persons(resources: Resources) -> int:
    """One batch; answers with its size. The vault away: contacts are denied as a missing fact until it is back."""
    async with resources.begin() as work:
        due = await work.groups.claim_due(PERSONS_AT_ONCE, ASK_LEASE_S)
        await work.commit()
    if not due:
        return 0
    try:
        tokens = await resources.vault.tokens(due)
    except VaultAway:
        tokens = {}
    async with resources.begin() as work:
        fresh = await work.groups.join(tokens, ASK_ANEW_S)
        unanswered = [person_id for person_id in due if person_id not in tokens]
        await work.groups.ask_again(unanswered, ASK_AGAIN_S)
        cases = await work.persons.cases_of(fresh)
        await work.plans.wake([case_id for ids in cases.values() for case_id in ids], work.now)
        await work.commit()
    return len(due)
