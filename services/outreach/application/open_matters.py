"""A complaint or a dispute comes in, by whatever way: clock, hold, events and sealed evidence in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.outreach.application import desk_metrics
from services.outreach.application.apply_holds import put_on_hold
from services.outreach.application.desk_records import Matter, Step
from services.outreach.application.ports import Resources, Work
from services.outreach.application.raise_alarms import NewAlarm, raise_alarm_in
from services.outreach.application.records import CaseKey, Grievance, NewHold, NewReply
from services.outreach.application.seal_evidence import seal_evidence
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.critical_conduct import alarm_in
from services.outreach.domain.desk.deadlines import SIMPLE, Place, due_dates
from services.outreach.domain.desk.matter import Kind
from services.outreach.domain.law.us_disputes import is_duplicative, is_in_time
from shared.events.complaint_opened import ComplaintOpened
from shared.events.dispute_opened import DisputeOpened
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotFound

WRITTEN_WAYS = frozenset({"email", "sms", "portal", "letter", "in_app", "lender", "regulator"})
"""Ways that leave a text of the person's own (12 CFR 1006 Supp. I, comment 38-1)."""
BY_THE_PERSON = "borrower"


@dataclass(frozen=True, slots=True)
class Opening:
    """What came in. `received_at` starts the clock, whenever somebody wrote it down.

    `is_timely`: a dispute within the validation period; None: not known. `part_minor_units`: of what is owed, the part
    that is disputed; None: all of it. `words`: the person's own, kept sealed.
    """

    kind: Kind
    topic: str
    channel: str
    received_at: datetime
    recorded_by: str = BY_THE_PERSON
    reference: str | None = None
    request_hash: str | None = None
    reply_id: UUID | None = None
    complexity: str = SIMPLE
    named_staff: str | None = None
    reopens: UUID | None = None
    part_minor_units: int | None = None
    is_timely: bool | None = None
    has_new_material: bool = False
    words: str | None = field(default=None, repr=False)


async def open_matter_by_hand(resources: Resources, case_id: UUID, opening: Opening) -> Matter:
    """From a desk, a portal, a lender. The same reference again is the same matter; with other content a conflict."""
    async with resources.begin() as work:
        keys = await work.files.lock([case_id])
        if case_id not in keys:
            raise NotFound("case_unknown", "there is no such case")
        if opening.reference is not None:
            known = await work.matters.by_reference(opening.reference)
            if known is not None:
                if (known.case_id, known.kind, known.request_hash) != (case_id, opening.kind, opening.request_hash):
                    raise Conflict("reference_used", "this reference belongs to another complaint or dispute")
                return known
        if opening.received_at > work.now:
            raise Invalid("received_later", "it cannot have been received later than now")
        file = (await work.files.load([case_id]))[case_id]
        _check_part(opening, file)
        opening = await _with_words_kept(resources, work, keys[case_id], opening)
        matter = await open_matter(resources, work, keys[case_id], file, opening)
        await put_on_hold(work, [_hold(keys[case_id], opening.kind, _event_type(opening.kind))])
        await seal_evidence(resources, work, _subject(matter), matter.person_id, _named(matter))
        await work.commit()
    return matter


async def _with_words_kept(resources: Resources, work: Work, key: CaseKey, opening: Opening) -> Opening:
    """What the person wrote lies with their other words, and freezes everything where it speaks of critical conduct."""
    if opening.words is None or opening.reply_id is not None:
        return opening
    reply_id = new_id()
    await work.replies.add(
        NewReply(
            reply_id=reply_id,
            reply_reference=f"matter:{opening.reference or reply_id}",
            case_id=key.case_id,
            person_id=key.person_id,
            attempt_id=None,
            channel="in_app",
            intent=opening.kind,
            classified_by="person",
            text_sealed=resources.sealer.seal(key.person_id, opening.words),
            received_at=opening.received_at,
        )
    )
    category = alarm_in(opening.words)
    if category is not None:
        alarm = NewAlarm(key.case_id, category, "portal", opening.recorded_by, reference=f"reply:{reply_id}")
        await raise_alarm_in(resources, work, key, alarm)
    return replace(opening, reply_id=reply_id)


async def open_matter(resources: Resources, work: Work, key: CaseKey, file: CaseFile, opening: Opening) -> Matter:
    """The matter, its first step and its event; hold and evidence are the caller's, in the same transaction."""
    matter = await _new_matter(resources, work, key, file, opening)
    due_at = matter.answer_due_at if opening.kind == "complaint" else None
    grievance = Grievance(matter.matter_id, key.case_id, key.creditor_id, matter.topic, work.now, due_at, None, None)
    of_kind = work.complaints if opening.kind == "complaint" else work.disputes
    await of_kind.open(grievance, opening.reply_id)
    await work.matters.add(matter)
    await work.matters.note(Step(new_id(), matter.matter_id, "received", None, opening.recorded_by, work.now))
    work.announce(_opened(matter))
    desk_metrics.MATTERS_OPENED.labels(opening.kind).inc()
    return matter


async def seal_evidence_of(resources: Resources, work: Work, matter: Matter) -> None:
    await seal_evidence(resources, work, _subject(matter), matter.person_id, _named(matter))


def _subject(matter: Matter) -> dict[str, object]:
    return {
        "kind": matter.kind,
        "id": matter.matter_id,
        "case_id": matter.case_id,
        "creditor_id": matter.creditor_id,
        "topic": matter.topic,
        "channel": matter.channel,
        "received_at": matter.received_at,
        "opened_at": matter.opened_at,
        "answer_due_at": matter.answer_due_at,
    }


def _named(matter: Matter) -> tuple[str, ...]:
    return (matter.named_staff,) if matter.named_staff is not None else ()


async def _new_matter(resources: Resources, work: Work, key: CaseKey, file: CaseFile, opening: Opening) -> Matter:
    terms, calendars = resources.desks.terms, resources.desks.calendars
    place = place_of(file)
    days = terms.dispute_days
    if opening.kind == "complaint":
        days = terms.answer_term(place.jurisdiction, opening.complexity).days
    due = due_dates(terms, calendars, place, opening.received_at, days)
    duplicate_of = None
    if opening.kind == "dispute":
        before = await work.matters.answered_like(key.case_id, "dispute", opening.topic)
        if is_duplicative(
            was_answered=before is not None, is_same_substance=True, has_new_material=opening.has_new_material
        ):
            duplicate_of = before.matter_id if before is not None else None
    return Matter(
        matter_id=new_id(),
        kind=opening.kind,
        case_id=key.case_id,
        person_id=key.person_id,
        creditor_id=key.creditor_id,
        jurisdiction=file.jurisdiction,
        reference=opening.reference,
        request_hash=opening.request_hash,
        channel=opening.channel,
        topic=opening.topic,
        state="received",
        complexity=opening.complexity,
        received_at=opening.received_at,
        opened_at=work.now,
        acknowledge_due_on=due.acknowledge_on,
        answer_due_at=due.answer_at,
        summary_until=due.summary_until if opening.kind == "complaint" else None,
        remind_at=due.remind_at,
        named_staff=opening.named_staff,
        reopens=opening.reopens,
        part_minor_units=opening.part_minor_units,
        is_written=opening.channel in WRITTEN_WAYS if opening.kind == "dispute" else None,
        is_timely=await _is_timely(work, key, file, opening),
        duplicate_of=duplicate_of,
    )


async def _is_timely(work: Work, key: CaseKey, file: CaseFile, opening: Opening) -> bool | None:
    """As staff say; else by the notice that we sent. None where there was none: then the period has not begun."""
    if opening.kind != "dispute" or opening.is_timely is not None:
        return opening.is_timely
    ends_on = await work.validations.period_end(key.case_id)
    return None if ends_on is None else is_in_time(file.business_date(opening.received_at), ends_on)


def place_of(file: CaseFile) -> Place:
    """Of several zones the first by name: the days of a term are the same in nearly all of them."""
    return Place(file.jurisdiction, file.region, next(iter(file.time_zones), None))


def _check_part(opening: Opening, file: CaseFile) -> None:
    part = opening.part_minor_units
    if part is not None and not 0 < part <= file.balance.total_minor_units:
        raise Invalid("part_wrong", "the disputed part is more than nothing and at most what is owed")


def _hold(key: CaseKey, kind: str, cause: str) -> NewHold:
    return NewHold(new_id(), key.case_id, key.creditor_id, kind, None, cause)


def _event_type(kind: Kind) -> str:
    return ComplaintOpened.event_type if kind == "complaint" else DisputeOpened.event_type


def _opened(matter: Matter) -> ComplaintOpened | DisputeOpened:
    common = {
        "case_id": matter.case_id,
        "creditor_id": matter.creditor_id,
        "opened_at": matter.opened_at,
        "received_by": matter.channel,
        "reopens": matter.reopens,
    }
    if matter.kind == "complaint":
        body = {
            **common,
            "complaint_id": matter.matter_id,
            "category": matter.topic,
            "answer_due_at": matter.answer_due_at,
        }
        return ComplaintOpened.model_validate(body)
    return DisputeOpened.model_validate(
        {**common, "dispute_id": matter.matter_id, "ground": matter.topic, "disputed": matter.part_minor_units}
    )
