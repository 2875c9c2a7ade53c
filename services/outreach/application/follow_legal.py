"""What the legal track tells: a case is being pursued in law, how far it has come, and that it has ended.

Contact about a settlement stays possible: the gate decides about it as before.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.outreach.application.escalation_records import LegalMark
from services.outreach.application.ports import Work
from shared.events.envelope import Event
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.legal_opened import LegalOpened


async def follow_opened(work: Work, events: Sequence[Event[LegalOpened]]) -> None:
    """May come after the file's closing, which then stands, and ends its hand-over."""
    await work.files.lock({event.body.case_id for event in events})
    marks = [
        LegalMark(e.body.legal_id, e.body.case_id, e.body.handover_id, "opened", False, e.body.opened_at)
        for e in events
    ]
    await work.handovers.mark(marks)
    await work.handovers.end_closed([event.body.legal_id for event in events])


async def follow_advanced(work: Work, events: Sequence[Event[LegalAdvanced]]) -> None:
    await work.files.lock({event.body.case_id for event in events})
    latest = {event.body.legal_id: event.body for event in events}
    marks = [LegalMark(b.legal_id, b.case_id, None, b.step, False, b.advanced_at) for b in latest.values()]
    await work.handovers.mark(marks)


async def follow_closed(work: Work, events: Sequence[Event[LegalClosed]]) -> None:
    """The hand-over is used up: whoever pursues further begins with the softer steps."""
    await work.files.lock({event.body.case_id for event in events})
    marks = [LegalMark(e.body.legal_id, e.body.case_id, None, e.body.outcome, True, e.body.closed_at) for e in events]
    await work.handovers.mark(marks)
    await work.handovers.end_closed([event.body.legal_id for event in events])
