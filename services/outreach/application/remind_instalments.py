"""Remind people of the next instalment of a plan they keep, two days before it is due. Once for each instalment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from services.outreach.application.ask_gate import ask_for_notice
from services.outreach.application.carry_out_contacts import carry_out_contacts
from services.outreach.application.escalation_records import InstalmentReminder
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import ASK_AGAIN_AFTER, Proposals
from services.outreach.domain.case_file import CaseFile, DueInstalment
from services.outreach.domain.gate.local_time import at_local, zone
from services.outreach.domain.ladder import Step
from shared.events.envelope import Event
from shared.events.plan_agreed import PlanAgreed
from shared.kernel.identifiers import new_id
from shared.service.faults import fault_point

DAYS_BEFORE = timedelta(days=2)
AT = time(10)
"""By the person's clock."""
REMINDERS_AT_ONCE = 100
CHECK_AFTER = timedelta(hours=1)
"""What was reserved is looked at again: it has left by then, or it is asked about anew under the same id."""
PURPOSE = "reminder"
STEP = Step(rung="reminder", channels=("email", "sms"), after_days=0, words="instalment_due")


async def note_instalments(work: Work, events: Sequence[Event[PlanAgreed]]) -> None:
    """plan.agreed: its instalments that are far enough ahead; heard again, they stay as they are."""
    files = await work.files.load({event.body.case_id for event in events})
    reminders = [
        InstalmentReminder(
            plan_id=event.body.plan_id,
            number=instalment.number,
            case_id=event.body.case_id,
            due_on=date.fromisoformat(instalment.due_on),
            amount_minor_units=instalment.amount,
            attempt_id=new_id(),
            remind_at=remind_at,
        )
        for event in events
        if event.body.case_id in files
        for instalment in event.body.terms.instalments
        if (remind_at := _remind_at(files[event.body.case_id], date.fromisoformat(instalment.due_on))) > work.now
    ]
    await work.instalment_reminders.add(reminders)


async def remind_instalments(resources: Resources) -> int:
    """One batch of due reminders; answers with its size."""
    async with resources.begin() as work:
        claimed = await work.instalment_reminders.claim_due(REMINDERS_AT_ONCE)
        ours = await work.groups.hold({reminder.case_id for reminder in claimed}, wait=False)
        due = [reminder for reminder in claimed if reminder.case_id in ours]
        if not due:
            return 0
        await resources.wording.refresh(work.templates)
        states = await work.instalment_reminders.states(due)
        ended = await work.instalment_reminders.ended_plans({reminder.plan_id for reminder in due})
        proposals = Proposals(files=await work.files.load({reminder.case_id for reminder in due}))
        saved, persons = [], set()
        for reminder in due:
            file = proposals.files[reminder.case_id]
            state = "ended" if reminder.plan_id in ended else states.get(reminder.attempt_id, "new")
            after = _without_asking(reminder, file, state, work.now)
            if after is None and file.human_id in persons:
                # The facts do not know yet what the reminder before this one has used: next sweep.
                continue
            if after is None:
                persons.add(file.human_id)
                after = _propose(resources, work.now, reminder, proposals)
            saved.append(after)
        leases = await work.attempts.reserve(proposals.reservations, resources.limits.lease_s)
        await work.decisions.add(proposals.decisions)
        await work.instalment_reminders.save(saved)
        await work.commit()
    fault_point("outreach.after_reserve")
    if leases:
        await carry_out_contacts(resources, proposals, leases)
    return len(due)


def _without_asking(
    reminder: InstalmentReminder, file: CaseFile, state: str, now: datetime
) -> InstalmentReminder | None:
    """What is known without the gate; None where it has to be asked. `state`: the attempt's, `new` or `ended`."""
    if state == "ended":
        return _closed(reminder, "plan_ended")
    if state == "settled":
        return _closed(reminder, "sent")
    if state in ("reserved", "sending"):
        return replace(reminder, remind_at=now + CHECK_AFTER)
    if file.business_date(now) >= reminder.due_on:
        return _closed(reminder, "too_late")
    return None


def _propose(
    resources: Resources, now: datetime, reminder: InstalmentReminder, proposals: Proposals
) -> InstalmentReminder:
    instalment = DueInstalment(reminder.due_on, reminder.amount_minor_units)
    file = replace(proposals.files[reminder.case_id], instalment=instalment)
    asked = ask_for_notice(resources, now, file, STEP, PURPOSE, reminder.attempt_id)
    proposals.decisions.extend(asked.decisions)
    if asked.reservation is None:
        opens = [kept.decision.until for kept in asked.decisions if kept.decision.until is not None]
        if asked.last.decision.rules_out_case or not opens:
            return _closed(reminder, "denied")
        return replace(reminder, remind_at=max(min(opens), now + ASK_AGAIN_AFTER))
    proposals.files[reminder.case_id] = file
    proposals.reservations.append(asked.reservation)
    return replace(reminder, remind_at=now + CHECK_AFTER)


def _closed(reminder: InstalmentReminder, because: str) -> InstalmentReminder:
    return replace(reminder, remind_at=None, closed_because=because)


def _remind_at(file: CaseFile, due_on: date) -> datetime:
    """Ten in the morning two days before, wherever the person may be."""
    zones = [place for name in file.time_zones if (place := zone(name)) is not None]
    day = due_on - DAYS_BEFORE
    return max((at_local(day, AT, place) for place in zones), default=datetime.combine(day, AT, UTC))
