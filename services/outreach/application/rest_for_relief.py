"""Somebody asks for relief: from that word to its end nobody is contacted about payment.

Request, grant and end come from three topics and may overtake each other: an end that was heard first stays the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.outreach.application.apply_holds import end_holds, put_on_hold
from services.outreach.application.ports import Work
from services.outreach.application.records import NewHold
from shared.events.envelope import Event
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.kernel.identifiers import new_id

HARDSHIP = "hardship"
Rest = tuple[Event[Any], UUID, datetime]


async def rest_while_asked(work: Work, events: Sequence[Event[ReliefRequested]]) -> None:
    """Until somebody decides, but no longer than until the request ends by itself."""
    await _rest(work, ((event, event.body.relief_id, event.body.decide_by) for event in events))


async def rest_while_granted(work: Work, events: Sequence[Event[ReliefGranted]]) -> None:
    """Until the relief ends. Heard again when it is extended."""
    await _rest(work, ((event, event.body.relief_id, event.body.until) for event in events))


async def go_on_after_relief(work: Work, events: Sequence[Event[ReliefEnded]]) -> None:
    """It is over, granted or not. What the staff hold without an end, and another relief, still hold."""
    newest = {event.body.case_id: event for event in events}
    known = await work.files.lock(newest)
    await work.reliefs.end([(event.body.relief_id, event.body.case_id) for event in events])
    for case_id in set(known) - await work.reliefs.resting(known):
        hold = await work.holds.standing(case_id, HARDSHIP)
        if hold is not None and hold.until is not None:
            await end_holds(work, [hold], "relief_ended", caused_by=newest[case_id])


async def _rest(work: Work, heard: Iterable[Rest]) -> None:
    rests = list(heard)
    known = await work.files.lock({event.body.case_id for event, _, _ in rests})
    over = await work.reliefs.note([(relief_id, event.body.case_id, until) for event, relief_id, until in rests])
    for event, relief_id, until in rests:
        if relief_id in over or until <= work.now:
            continue
        key = known[event.body.case_id]
        hold = NewHold(new_id(), key.case_id, key.creditor_id, HARDSHIP, until, event.event_type)
        await put_on_hold(work, [hold], caused_by=event)
