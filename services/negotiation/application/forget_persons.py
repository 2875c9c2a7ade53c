"""On person.erased: forget what was derived from the person; the books stay, they name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.negotiation.application.pass_relief_time import cancel_relief
from services.negotiation.application.ports import Work
from services.negotiation.application.watch_cures import forget_cures
from shared.events.envelope import Event
from shared.events.person_erased import PersonErased


async def forget_persons(work: Work, events: Sequence[Event[PersonErased]]) -> None:
    """Zones go, offers are withdrawn, the page shows nothing any more. A running plan is still watched and booked."""
    for event in events:
        # Also for a case that is not known yet: its case.received may still be on the way.
        await work.cases.remember_erased(event.body.case_ids, event.body.creditor_id)
    case_ids = {case_id for event in events for case_id in event.body.case_ids}
    cases = await work.cases.for_change(case_ids)
    await work.offers.withdraw(cases)
    await forget_cures(work, case_ids)
    await cancel_relief(work, cases)
    await work.evidence.forget(case_ids)
    await work.statements.forget(cases)
    await work.drafts.forget(cases)
    await work.access.forget(cases)
    await work.bank.forget_payers(case_ids)
    await work.cases.save([replace(case, candidate_zones=(), means=None, is_erased=True) for case in cases.values()])
