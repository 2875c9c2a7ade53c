"""What staff and outsiders look at: the contacts of a case, and decisions as they can be run again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.outreach.application.ports import Resources
from services.outreach.application.records import ContactLine, DecisionRow
from services.outreach.domain.gate.facts import InconvenientTime
from shared.kernel.refusal import NotFound

HISTORY_MAX = 500
EXPORT_MAX = 10_000


async def list_contacts(resources: Resources, case_id: UUID) -> Sequence[ContactLine]:
    """Attempts and denials of a case, the newest first."""
    async with resources.begin() as work:
        if not await work.files.load([case_id]):
            raise NotFound("case_unknown", "there is no such case")
        return await work.attempts.history(case_id, HISTORY_MAX)


async def export_decisions(
    resources: Resources, after: UUID | None, since: datetime | None, limit: int
) -> list[DecisionRow]:
    """Decisions in the order they were made, after a decision or since a moment."""
    async with resources.begin() as work:
        return await work.decisions.export(after, since, min(limit, EXPORT_MAX))


async def note_inconvenient_times(resources: Resources, case_id: UUID, times: Sequence[InconvenientTime]) -> None:
    """The person said when it does not suit them; what they said before is replaced."""
    async with resources.begin() as work:
        known = await work.files.lock([case_id])
        if case_id not in known:
            raise NotFound("case_unknown", "there is no such case")
        person_id = known[case_id].person_id
        await work.persons.set_inconvenient_times(person_id, times)
        # Inconvenient for one debt is inconvenient for "any debt" (12 CFR 1006.6(b)(1)).
        await work.groups.hold([case_id])
        others = await work.groups.other_cases([case_id])
        await work.attempts.withdraw({case_id, *(other.case_id for other in others)}, work.now)
        await work.commit()
