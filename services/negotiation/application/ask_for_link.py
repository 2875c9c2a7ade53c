"""A borrower whose link is used up asks for a new one: kept until somebody of the staff sends it.

A message that the borrower asks for must still pass the gate of outreach, so nothing is sent from here.
"""

from __future__ import annotations

from uuid import UUID

from services.negotiation.application.access_ports import LinkRequest
from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.enter_portal import read_link
from services.negotiation.application.ports import Resources, Work
from services.negotiation.domain.access import ASK_AGAIN_AFTER
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.identifiers import new_id

REQUESTS_SHOWN_MAX = 500


async def ask_for_link(resources: Resources, token: str) -> None:
    """Raises Unidentified where the link itself is not ours or has expired, NoSuchThing where the case is gone."""
    case_id, _ = read_link(resources, token)
    async with resources.begin(case_id) as work:
        case = await case_for_borrower(work, case_id)
        newest = await work.access.newest_link_request(case_id)
        is_known = newest is not None and (newest.answered_at is None or newest.asked_at + ASK_AGAIN_AFTER > work.now)
        if not is_known:
            await work.access.add_link_request(LinkRequest(new_id(), case_id, case.creditor_id, work.now))
            await work.commit()


async def list_link_requests(work: Work) -> list[LinkRequest]:
    """Those nobody has answered, of all cases, oldest first."""
    return await work.access.open_link_requests(REQUESTS_SHOWN_MAX)


async def answer_link_request(work: Work, case_id: UUID, request_id: UUID, by: str) -> None:
    """Somebody has sent the link or called. Raises NoSuchThing."""
    if not await work.access.answer_link_request(case_id, request_id, by):
        raise NoSuchThing("link_request")
    await work.commit()
