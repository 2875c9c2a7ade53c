"""Record events: into the journal, and into every figure that follows from them. On every event of the platform."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from services.reporting.application.ports import Recording
from services.reporting.domain import figures, journal
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.facts import Fact
from services.reporting.domain.project_case import project
from services.reporting.domain.statement import booked
from shared.events.body import EventBody
from shared.events.envelope import Event


async def record_events(recording: Recording, events: Sequence[Event[EventBody]]) -> None:
    """Events of one type, each once. Any order across types; the figures come out the same."""
    facts = [fact_of(event) for event in events]
    if not facts:
        return
    head, entries = journal.extend(await recording.lock_head(), facts)
    await recording.write_entries(head, entries)
    await recording.note_topic(facts[0].type, facts)
    if movements := [movement for fact in facts if (movement := booked(fact)) is not None]:
        await recording.write_movements(movements)
    await count_facts(recording, facts)


async def count_facts(recording: Recording, facts: Sequence[Fact]) -> None:
    """Move every figure that follows from these facts, which nobody has counted yet."""
    if tallies := figures.tallies(facts):
        await recording.move_tallies(tallies)
    if batches := figures.records_by_batch(facts):
        await recording.move_batches(batches)
    await _project(recording, [fact for fact in facts if fact.is_about_a_case])


async def _project(recording: Recording, facts: Sequence[Fact]) -> None:
    by_case: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_case[fact.key].append(fact)
    if not by_case:
        return
    known = await recording.load_cases(by_case.keys())
    changed: list[tuple[CaseRow | None, CaseRow]] = []
    for case_id, of_case in by_case.items():
        old = known.get(case_id)
        new = project(of_case, old)
        assert new is not None, "a case with facts has a row"
        changed.append((old, new))
    await recording.save_cases([new for _, new in changed])
    moved = figures.shift(changed)
    if moved.portfolio:
        await recording.move_portfolio(moved.portfolio)
    if moved.months:
        await recording.move_months(moved.months)


def fact_of(event: Event[EventBody]) -> Fact:
    return Fact(
        event_id=event.event_id,
        type=event.event_type,
        key=event.key,
        occurred_at=event.occurred_at,
        sequence=event.sequence,
        correlation_id=event.correlation_id,
        causation_id=event.causation_id,
        trace_id=event.traceparent.split("-")[1] if event.traceparent else None,
        body=event.body.model_dump(mode="json"),
    )
