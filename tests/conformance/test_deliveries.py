"""However the records arrive - twice, shuffled, late, a thousand times - a service's handlers do their work once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from shared.events.registry import EVENTS
from shared.kernel.identifiers import new_id
from shared.messaging.record import Record
from tests.conformance import checkers
from tests.conformance.conftest import OpenSubject
from tests.conformance.lives import STORIES, Said, by_place, interleaved, lives, topics_told
from tests.conformance.subjects import SERVICES, Subject, heard, own_news, records_of

LIVES = 4 * len(STORIES)
SETTLED = {
    "assessment": ("SELECT case_id, status = 'open' FROM case_files",),
    "outreach": (
        "SELECT case_id, status = 'open', fees_minor_units, interest_minor_units, principal_minor_units FROM cases",
        "SELECT contact_point_id, person_id, kind, is_verified, may_be_used FROM contact_points WHERE is_current",
    ),
    "negotiation": (
        "SELECT case_id, fees_minor_units, interest_minor_units, principal_minor_units, overpaid_minor_units, closed, "
        "is_erased FROM cases",
    ),
    "reporting": (
        "SELECT case_id, status, currency, is_placed, is_on_hold, risk_grade, placed_on FROM cases",
        "SELECT event_id, kind, month, amount_minor_units, balance_minor_units FROM movements",
        "SELECT creditor_id, measure, dimension, events FROM tallies",
        "SELECT batch_id, accepted, rejected FROM batches",
        "SELECT topic, events FROM topics",
    ),
}
"""What a service knows in the end, in whatever order it heard it. How often it assessed or offered on the way, in the
light of what it knew then, may differ. Recalled and closed are both an end, and which was heard first decides the
word. Intake's cases begin with a lender's request and not with an event."""

pytestmark = pytest.mark.parametrize("service", SERVICES)


def told(seed: int, service: str, count: int = LIVES) -> list[Said]:
    return interleaved(seed, lives(seed, count), heard(service))


async def judged(subject: Subject, said: list[Said]) -> list[str]:
    return checkers.exactly_once(said, await checkers.gather(subject.database))


async def test_a_service_hears_what_the_topics_say_it_hears(service: str, subject_of: OpenSubject) -> None:
    subject = await subject_of(service)
    assert subject.topics == heard(service) | own_news(service)


async def test_what_is_delivered_twice_is_done_once(service: str, seed: int, subject_of: OpenSubject) -> None:
    once, twice = await subject_of(service), await subject_of(service)
    said = told(seed, service)
    await once.hear(records_of(said), seed=seed)
    await twice.hear(records_of(said), seed=seed)
    await twice.take(twice.log.records, seed=seed + 1)  # delivered again: a rebalance
    await twice.hear(records_of(said), seed=seed + 2)  # published again: a relay that died before its mark
    assert await judged(once, said) == []
    assert await judged(twice, said) == []
    assert await checkers.count_rows(twice.database) == await checkers.count_rows(once.database)
    assert await _announcements(twice) == await _announcements(once)


async def test_what_comes_in_any_order_is_done_in_the_order_of_its_case(
    service: str, seed: int, subject_of: OpenSubject
) -> None:
    in_order, subject = await subject_of(service), await subject_of(service)
    said = told(seed, service)
    shuffled = random.Random(seed).sample(said, len(said))
    await in_order.hear(records_of(said), seed=seed)
    await subject.hear(records_of(shuffled), seed=seed)
    assert await judged(subject, said) == []
    for query in SETTLED.get(service, ()):
        assert await _answers(subject, query) == await _answers(in_order, query)


async def test_a_missing_event_holds_up_its_case_and_topic_alone(
    service: str, seed: int, subject_of: OpenSubject
) -> None:
    subject = await subject_of(service)
    said = told(seed, service)
    numbers = random.Random(seed)
    firsts = [events[0] for _, events in by_place(said) if len(events) > 1]
    missing = numbers.sample(firsts, max(1, len(firsts) * 3 // 10))
    held = {one.place for one in missing}
    await subject.hear(records_of(one for one in said if one not in missing), seed=seed)
    evidence = await checkers.gather(subject.database)
    done = {(effect.topic, effect.key) for effect in evidence.effects}
    assert held
    assert not done & held, "an event was handled before one that comes before it"
    waits_for_a_fact = {tuple(line.split()[1:3]) for line in evidence.waiting if line.startswith("fact")}
    assert {one.place for one in said} - held - waits_for_a_fact == done
    await subject.hear(records_of(missing), seed=seed)
    assert await judged(subject, said) == []


async def test_a_thousand_copies_of_an_event_are_one_event(service: str, seed: int, subject_of: OpenSubject) -> None:
    subject = await subject_of(service)
    said = told(seed, service, len(STORIES))
    await subject.hear(records_of(said), seed=seed)
    before = await checkers.count_rows(subject.database), await _announcements(subject)
    copied = random.Random(seed).choice(said)
    await subject.hear([copied.record] * 1_000, seed=seed)
    assert await judged(subject, said) == []
    assert (await checkers.count_rows(subject.database), await _announcements(subject)) == before


async def test_an_older_event_under_a_new_id_changes_nothing(service: str, seed: int, subject_of: OpenSubject) -> None:
    """A producer that was set back says old sequences again; the sequence tells it, the inbox cannot."""
    subject = await subject_of(service)
    said = told(seed, service, len(STORIES))
    await subject.hear(records_of(said), seed=seed)
    await subject.hear([_renamed(one.record) for one in said], seed=seed)
    assert await judged(subject, said) == []


async def test_one_batch_of_everything_is_done_once_as_event_by_event_is(
    service: str, seed: int, subject_of: OpenSubject
) -> None:
    at_once, one_by_one = await subject_of(service), await subject_of(service)
    said = told(seed, service, 2 * len(STORIES))
    await at_once.handler.handle(at_once.log.append(records_of(said)))
    for record in one_by_one.log.append(records_of(said)):
        await one_by_one.handler.handle([record])
    assert await judged(at_once, said) == []
    assert await judged(one_by_one, said) == []


async def test_the_trace_goes_on_through_what_a_service_announces(
    service: str, seed: int, subject_of: OpenSubject
) -> None:
    subject = await subject_of(service)
    said = told(seed, service)
    await subject.hear(records_of(said), seed=seed)
    evidence = await checkers.gather(subject.database)
    assert checkers.one_trace(said, evidence.outbox) == []
    assert checkers.has_causes(evidence.outbox) == []


def test_lives_tell_of_every_event_that_the_service_hears(service: str) -> None:
    assert heard(service) <= topics_told() == set(EVENTS)


def _renamed(record: Record) -> Record:
    return replace(record, headers={**record.headers, "ce_id": str(new_id())})


async def _answers(subject: Subject, query: str) -> set[tuple[object, ...]]:
    return {tuple(row) for row in await subject.rows(query)}


async def _announcements(subject: Subject) -> dict[str, int]:
    rows = await subject.rows("SELECT topic, count(*) AS n FROM outbox GROUP BY topic ORDER BY topic")
    return {row["topic"]: row["n"] for row in rows}
