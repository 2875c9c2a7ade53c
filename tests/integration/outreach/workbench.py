"""People at the workbench of a test: certified ones, expired ones, a machine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.outreach.application.certify_staff import certify, register_member
from services.outreach.application.feed_queue import feed_queue
from services.outreach.application.workbench_records import StaffMemberRow
from services.outreach.domain.call_note import CallNote, Promise
from services.outreach.domain.certificates import REQUIRED
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk


async def hire(
    desk: Desk,
    staff_id: str,
    *,
    kind: str = "human",
    languages: tuple[str, ...] = ("en", "zh"),
    capacity: int = 5,
    valid_days: int = 200,
) -> str:
    """Somebody with every certificate, issued a year ago at most and valid for so many days from now."""
    await register_member(desk.resources, StaffMemberRow(staff_id, kind, languages, capacity))
    today = desk.now.date()
    valid_until = today + timedelta(days=valid_days)
    issued_on = min(today, valid_until) - timedelta(days=100)
    for certificate in REQUIRED:
        await certify(desk.resources, "head.office", staff_id, certificate, issued_on, valid_until)
    return staff_id


async def reminded(desk: Desk, **changes: Any) -> UUID:
    """A case that may be called: it is on record that no message reaches the person, so the softer step is proven."""
    case_id = await desk.open_case(**changes)
    await desk.run(
        "INSERT INTO rung_excuses (decision_id, case_id, rung, excused_at) VALUES ($1, $2, 'reminder', $3)",
        new_id(),
        case_id,
        desk.now - timedelta(days=3),
    )
    return case_id


async def number_of(desk: Desk, case_id: UUID) -> UUID:
    rows = await desk.rows(
        "SELECT contact_point_id FROM contact_points JOIN cases USING (person_id) "
        "WHERE case_id = $1 AND kind = 'mobile'",
        case_id,
    )
    found: UUID = rows[0]["contact_point_id"]
    return found


async def queued(desk: Desk) -> list[dict[str, Any]]:
    await feed_queue(desk.resources)
    return await desk.rows("SELECT * FROM work_items ORDER BY priority DESC, since_at, item_id")


def promised(desk: Desk, **changes: Any) -> CallNote:
    """A conversation with the borrower in which they promised ten dollars in four days."""
    values: dict[str, Any] = {
        "outcome": "conversation",
        "is_right_party": True,
        "cause": "job_loss",
        "feelings": "worried",
        "words": "The shop closed and I start again on Monday.",
        "promise": Promise(desk.now.date() + timedelta(days=4), 1_000),
        "is_confirmed_back": True,
        "next_step": "none",
        "next_at": None,
    }
    return CallNote(**{**values, **changes})
