"""Working on complaints and disputes: acknowledge, assign, investigate, give more time, answer, close, open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.outreach.application.close_grievances import close_in
from services.outreach.application.desk_records import (
    LessonLine,
    Matter,
    MatterFilter,
    SealedAnswer,
    SealedPack,
    Step,
)
from services.outreach.application.open_matters import Opening, open_matter_by_hand, place_of
from services.outreach.application.ports import Resources, Work
from services.outreach.domain.desk.deadlines import due_dates
from services.outreach.domain.desk.matter import Kind, may_follow
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound

LIST_MAX = 500


@dataclass(frozen=True, slots=True)
class ShownMatter:
    """A matter with everything that was done about it."""

    matter: Matter
    steps: Sequence[Step]
    packs: Sequence[SealedPack]
    answer: SealedAnswer | None


async def list_matters(resources: Resources, wanted: MatterFilter) -> Sequence[Matter]:
    async with resources.begin() as work:
        return await work.matters.find(replace(wanted, limit=min(wanted.limit, LIST_MAX)))


async def list_lessons(resources: Resources) -> Sequence[LessonLine]:
    """What was found to be at the root of it, the most frequent first: the register to learn from."""
    async with resources.begin() as work:
        return await work.matters.lessons()


async def show_matter(resources: Resources, kind: Kind, matter_id: UUID) -> ShownMatter:
    async with resources.begin() as work:
        matter = await _wanted(work, kind, matter_id)
        return ShownMatter(
            matter,
            await work.matters.steps(matter_id),
            await work.evidence.packs_of(matter_id),
            await work.evidence.answer_of(matter_id),
        )


async def acknowledge(resources: Resources, who: str, kind: Kind, matter_id: UUID) -> Matter:
    """The person has been told that it came in. Twice is once."""
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        if matter.acknowledged_at is not None:
            return matter
        return await _go_on(work, matter, replace(matter, acknowledged_at=work.now), "acknowledged", None, who)


async def assign(resources: Resources, who: str, kind: Kind, matter_id: UUID, to: str) -> Matter:
    """Nobody investigates what is said about themselves."""
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        if matter.named_staff == to:
            raise NotAllowed("named_staff", "who is complained about does not work on it")
        if matter.assigned_to == to:
            return matter
        if matter.state == "closed":
            raise Conflict("matter_closed", "it is closed")
        await work.matters.save(saved := replace(matter, assigned_to=to))
        await work.matters.note(Step(new_id(), matter_id, "assigned", to, who, work.now))
        await work.commit()
        return saved


async def investigate(resources: Resources, who: str, kind: Kind, matter_id: UUID) -> Matter:
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        if matter.named_staff == who:
            raise NotAllowed("named_staff", "who is complained about does not work on it")
        if matter.state == "investigating":
            return matter
        change = replace(matter, assigned_to=matter.assigned_to or who)
        return await _go_on(work, matter, change, "investigating", None, who)


async def give_more_time(resources: Resources, who: str, matter_id: UUID, complexity: str, approved_by: str) -> Matter:
    """Call a complaint complex. Counted from its receipt; needs somebody else's approval, before the term is over."""
    async with resources.begin() as work:
        matter = await locked(work, "complaint", matter_id)
        if approved_by == who:
            raise NotAllowed("approved_by_oneself", "somebody else has to approve")
        if matter.complexity == complexity:
            return matter
        if matter.state in ("answered", "closed") or work.now > matter.answer_due_at:
            raise Conflict("too_late", "the term is over, or it is answered")
        file = (await work.files.load([matter.case_id]))[matter.case_id]
        terms = resources.desks.terms
        days = terms.answer_term(matter.jurisdiction, complexity).days
        due = due_dates(terms, resources.desks.calendars, place_of(file), matter.received_at, days)
        if due.answer_at < matter.answer_due_at:
            raise Conflict("term_shorter", "more time cannot make the term shorter")
        change = replace(matter, complexity=complexity, answer_due_at=due.answer_at, remind_at=due.remind_at)
        await work.matters.save(change)
        await work.matters.note(Step(new_id(), matter_id, f"made_{complexity}", approved_by, who, work.now))
        await work.commit()
        return change


async def close_matter(resources: Resources, who: str, kind: Kind, matter_id: UUID) -> Matter:
    """After the answer. Twice is once."""
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        if matter.state == "closed":
            return matter
        if matter.state != "answered" or matter.outcome is None:
            raise Conflict("not_answered", "it is closed once it is answered")
        await close_in(work, kind, matter_id, matter.outcome, who)
        closed = await work.matters.get(matter_id)
        await work.commit()
    assert closed is not None
    return closed


async def reopen(resources: Resources, who: str, kind: Kind, matter_id: UUID, channel: str) -> Matter:
    """A new matter with a clock of its own that names the old one; held again. Twice is once."""
    async with resources.begin() as work:
        matter = await _wanted(work, kind, matter_id)
        now = work.now
    if matter.state != "closed":
        raise Conflict("not_closed", "it is still open")
    opening = Opening(
        kind=kind,
        topic=matter.topic,
        channel=channel,
        received_at=now,
        recorded_by=who,
        reference=f"reopens:{matter_id}",
        request_hash="",
        named_staff=matter.named_staff,
        reopens=matter_id,
        part_minor_units=matter.part_minor_units,
        has_new_material=True,
    )
    return await open_matter_by_hand(resources, matter.case_id, opening)


async def locked(work: Work, kind: Kind, matter_id: UUID) -> Matter:
    """The matter as it is once its person is locked: what two do at once is done one after the other."""
    await work.files.lock([(await _wanted(work, kind, matter_id)).case_id])
    return await _wanted(work, kind, matter_id)


async def _wanted(work: Work, kind: Kind, matter_id: UUID) -> Matter:
    matter = await work.matters.get(matter_id)
    if matter is None or matter.kind != kind:
        raise NotFound(f"{kind}_unknown", f"there is no such {kind}")
    return matter


async def _go_on(work: Work, before: Matter, change: Matter, state: str, detail: str | None, who: str) -> Matter:
    if not may_follow(before.state, state):
        raise Conflict("state_wrong", f"what is {before.state} does not become {state}")
    saved = replace(change, state=state)
    await work.matters.save(saved)
    await work.matters.note(Step(new_id(), saved.matter_id, state, detail, who, work.now))
    await work.commit()
    return saved


def refuse_unknown(value: str, known: Sequence[str], code: str) -> None:
    if value not in known:
        raise Invalid(code, "one of: " + ", ".join(known))
