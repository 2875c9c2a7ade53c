"""Tell a person of a visit beforehand: when, by whom, what for. A message of its own that passes the gate."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.outreach.application.ask_gate import ask_for_notice
from services.outreach.application.carry_out_contacts import carry_out_contacts
from services.outreach.application.escalation_records import Visit
from services.outreach.application.make_hand_calls import denied
from services.outreach.application.ports import Resources
from services.outreach.application.propose_contacts import Proposals
from services.outreach.application.propose_visits import locked_visit, show_visit, still_cleared, wrong_state
from services.outreach.domain.case_file import AnnouncedVisit
from services.outreach.domain.ladder import Step
from services.outreach.domain.visits.order import Window
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, Reason
from shared.service.faults import fault_point

PURPOSE = "visit_announcement"
STEP = Step(rung="letter", channels=("letter", "email"), after_days=0, words="announcement")


async def announce_visit(resources: Resources, visit_id: UUID, window: Window) -> Visit:
    """The window is fixed by its announcement. Again for the same window: sent once, under one id."""
    async with resources.begin() as work:
        visit = await locked_visit(work, visit_id)
        if visit.state != "approved":
            raise wrong_state(visit)
        if visit.notice_attempt_id is not None and (visit.begins_at, visit.ends_at) != (
            window.begins_at,
            window.ends_at,
        ):
            raise Conflict("window_announced", "another window was announced: cancel the visit and propose it anew")
        if wrong := window.errors(work.now):
            raise Invalid("visit_order_wrong", "the window cannot be right", [Reason(code) for code in wrong])
        await still_cleared(resources, work, visit)
        await resources.wording.refresh(work.templates)
        coming = AnnouncedVisit(window.begins_at, window.ends_at)
        file = replace((await work.files.load([visit.case_id]))[visit.case_id], visit=coming)
        attempt_id = visit.notice_attempt_id or new_id()
        asked = ask_for_notice(resources, work.now, file, STEP, PURPOSE, attempt_id)
        await work.decisions.add(asked.decisions)
        if asked.reservation is None:
            await work.commit()
            raise denied(asked.last.decision)
        leases = await work.attempts.reserve([asked.reservation], resources.limits.lease_s)
        await work.visits.save(
            replace(visit, begins_at=window.begins_at, ends_at=window.ends_at, notice_attempt_id=attempt_id)
        )
        await work.commit()
    fault_point("outreach.after_reserve")
    if leases:
        proposals = Proposals(
            reservations=[asked.reservation], decisions=list(asked.decisions), files={visit.case_id: file}
        )
        await carry_out_contacts(resources, proposals, leases)
    return await show_visit(resources, visit_id)
