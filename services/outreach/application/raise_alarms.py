"""Critical conduct: everything about the person is frozen at once, evidence is sealed, who must know is told.

Freeze, suspension, evidence and event lie in one transaction. Mail goes out by a timer, for as long as it takes.
Only two people together release an alarm, and never the one who is accused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.outreach.application import desk_metrics
from services.outreach.application.apply_holds import end_holds, put_on_hold
from services.outreach.application.desk_records import Alarm
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import CaseKey, NewHold
from services.outreach.application.seal_evidence import seal_evidence
from services.outreach.application.workbench_ports import day_of
from shared.events.conduct_alarmed import ConductAlarmed
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, NotAllowed, NotFound

HOLD = "critical_conduct"
LOCKED_FOR = timedelta(days=3_653)
"""Ten years: longer than any limitation of what may follow. No sweep touches the evidence before."""
CERTIFICATES_MAX = 500
MAIL_AT_ONCE = 20
MAIL_AGAIN = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""Then every six hours: an alarm that nobody was told of is tried for good."""
LIST_MAX = 500


@dataclass(frozen=True, slots=True)
class NewAlarm:
    """`accused`: the staff id that was named, if any."""

    case_id: UUID
    category: str
    source: str
    raised_by: str
    accused: str | None = None
    reference: str | None = None


async def raise_alarm(resources: Resources, new: NewAlarm) -> Alarm:
    """From staff or the borrower's pages. The same reference again is the same alarm."""
    async with resources.begin() as work:
        keys = await work.files.lock([new.case_id])
        if new.case_id not in keys:
            raise NotFound("case_unknown", "there is no such case")
        alarm = await raise_alarm_in(resources, work, keys[new.case_id], new)
        await work.commit()
    return alarm


async def raise_alarm_in(resources: Resources, work: Work, key: CaseKey, new: NewAlarm) -> Alarm:
    """In the caller's transaction, which holds the person's lock."""
    if new.reference is not None:
        known = await work.alarms.by_reference(new.reference)
        if known is not None:
            if (known.case_id, known.category) != (new.case_id, new.category):
                raise Conflict("reference_used", "this reference belongs to another alarm")
            return known
    alarm = Alarm(
        alarm_id=new_id(),
        reference=new.reference,
        case_id=key.case_id,
        person_id=key.person_id,
        creditor_id=key.creditor_id,
        category=new.category,
        source=new.source,
        accused=new.accused,
        raised_by=new.raised_by,
        raised_at=work.now,
        mail_at=work.now if resources.desks.alarm_mail.has_recipients else None,
    )
    await work.alarms.add(alarm)
    work.announce(_alarmed(alarm))
    await freeze(work, {key.person_id})
    if alarm.accused is not None:
        await _suspend(work, alarm.accused)
    subject = {
        "kind": "conduct_alarm",
        "id": alarm.alarm_id,
        "case_id": alarm.case_id,
        "creditor_id": alarm.creditor_id,
        "category": alarm.category,
        "source": alarm.source,
        "accused": alarm.accused,
        "raised_at": alarm.raised_at,
    }
    named = (alarm.accused,) if alarm.accused is not None else ()
    await seal_evidence(resources, work, subject, key.person_id, named, (work.now + LOCKED_FOR).date())
    desk_metrics.ALARMS_RAISED.labels(alarm.category).inc()
    return alarm


async def freeze(work: Work, person_ids: set[UUID]) -> None:
    """Hold every case of these people, whose rows are locked; a case that comes later is held when it comes."""
    cases = await work.persons.cases_of(person_ids)
    keys = await work.files.lock([case_id for found in cases.values() for case_id in found])
    await put_on_hold(
        work,
        [
            NewHold(new_id(), key.case_id, key.creditor_id, HOLD, None, ConductAlarmed.event_type)
            for key in keys.values()
        ],
    )


async def ask_release(resources: Resources, who: str, alarm_id: UUID, reason: str) -> Alarm:
    """The first of two: says why. Twice by the same person is once."""
    async with resources.begin() as work:
        alarm = await _wanted(work, alarm_id, who)
        if alarm.release_asked_by is not None:
            if alarm.release_asked_by != who:
                raise Conflict("release_asked", "somebody else has asked already: you may agree")
            return alarm
        asked = replace(alarm, release_asked_by=who, release_asked_at=work.now, release_reason=reason)
        await work.alarms.save(asked)
        await work.commit()
    return asked


async def agree_release(resources: Resources, who: str, alarm_id: UUID) -> Alarm:
    """The second of two. The freeze ends when no other alarm stands for the person; a suspension stays."""
    async with resources.begin() as work:
        alarm = await _wanted(work, alarm_id, who)
        if alarm.released_at is not None:
            return alarm
        if alarm.release_asked_by is None:
            raise Conflict("release_not_asked", "somebody else has to ask for it first")
        if alarm.release_asked_by == who:
            raise NotAllowed("same_person", "whoever asked does not agree as well")
        cases = (await work.persons.cases_of([alarm.person_id])).get(alarm.person_id, [])
        await work.files.lock(cases)
        released = replace(alarm, released_by=who, released_at=work.now, mail_at=None)
        await work.alarms.save(released)
        if alarm.person_id not in await work.alarms.standing_for([alarm.person_id]):
            standing = [hold for case_id in cases if (hold := await work.holds.standing(case_id, HOLD)) is not None]
            if standing:
                await end_holds(work, standing, "alarm_released")
        await work.commit()
    return released


async def list_alarms(resources: Resources, *, is_standing: bool, limit: int) -> list[Alarm]:
    async with resources.begin() as work:
        return list(await work.alarms.find(is_standing=is_standing, limit=min(limit, LIST_MAX)))


async def mail_alarms(resources: Resources) -> int:
    """The timer: tell the configured addresses; answers with the batch's size. No network call in a transaction."""
    if not resources.desks.alarm_mail.has_recipients:
        return 0
    async with resources.begin() as work:
        due = await work.alarms.due_mail(MAIL_AT_ONCE)
        if not due:
            return 0
        # The next try is fixed before the first: a process that dies in between leaves an alarm that is tried again.
        for alarm in due:
            wait = MAIL_AGAIN[min(alarm.mail_tries, len(MAIL_AGAIN) - 1)]
            await work.alarms.save(replace(alarm, mail_at=work.now + wait, mail_tries=alarm.mail_tries + 1))
        await work.commit()
    told = await resources.desks.alarm_mail.send(due)
    async with resources.begin() as work:
        for alarm_id in sorted(told):
            told_of = await work.alarms.get(alarm_id, lock=True)
            if told_of is not None:
                await work.alarms.save(replace(told_of, mail_at=None, mailed_at=work.now))
        await work.commit()
    return len(due)


async def _wanted(work: Work, alarm_id: UUID, who: str) -> Alarm:
    alarm = await work.alarms.get(alarm_id, lock=True)
    if alarm is None:
        raise NotFound("alarm_unknown", "there is no such alarm")
    if alarm.accused == who:
        raise NotAllowed("accused", "who is accused does not decide about it")
    return alarm


async def _suspend(work: Work, staff_id: str) -> None:
    """Whoever is named acts no more: certificates end today, and what they hold goes back into the queue."""
    member = await work.staff.get(staff_id, lock=True)
    if member is None:
        return
    today = day_of(work.now)
    for certificate in await work.staff.certificates(staff_id, CERTIFICATES_MAX):
        if certificate.revoked_at is None and certificate.valid_until >= today:
            await work.staff.revoke(certificate.certificate_id, HOLD, "conduct-alarm", work.now)
    await work.alarms.take_work_back(staff_id)


def _alarmed(alarm: Alarm) -> ConductAlarmed:
    return ConductAlarmed.model_validate(
        {
            "case_id": alarm.case_id,
            "creditor_id": alarm.creditor_id,
            "alarm_id": alarm.alarm_id,
            "category": alarm.category,
            "reported_by": alarm.source,
            "raised_at": alarm.raised_at,
        }
    )
