"""Who looked at a case's file: staff are noted before they are shown it, and the borrower may read the list."""

from __future__ import annotations

from uuid import UUID

from services.negotiation.application.access_ports import FileLook
from services.negotiation.application.ports import Resources, Work
from shared.kernel.identifiers import new_id

LOOKS_SHOWN_MAX = 500


async def note_staff_look(resources: Resources, case_id: UUID, staff_id: str, what: str) -> None:
    """Raises NoSuchThing where there is no such case: nothing was looked at."""
    async with resources.begin(case_id) as work:
        case = await work.cases.read(case_id)
        look = FileLook(new_id(), case_id, case.creditor_id, "staff", staff_id, what, work.now)
        await work.access.add_look(look)
        await work.commit()


async def show_looks(work: Work, case_id: UUID) -> list[FileLook]:
    """The newest ones first, at most `LOOKS_SHOWN_MAX`."""
    return await work.access.looks(case_id, LOOKS_SHOWN_MAX)
