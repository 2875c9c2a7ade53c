"""Whatever way events arrive, the journal holds each once and the figures are those of the events."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import orjson
import pytest

from services.reporting.application.export_journal import export_journal
from services.reporting.application.show_case import show_case
from services.reporting.domain import scope
from services.reporting.domain.journal import NOTHING_BEFORE, canonical
from services.reporting.main import rebuild
from services.reporting.settings import ReportingSettings
from shared.kernel.refusal import NotFound
from tests.conformance.lives import STORIES, lives
from tests.integration.reporting.conftest import STAFF, Desk

LIVES = lives(21, 6 * len(STORIES))
FIGURES = {
    "cases": "SELECT case_id, state::text FROM cases ORDER BY 1",
    "portfolio": "SELECT * FROM portfolio ORDER BY 1, 2",
    "months": "SELECT * FROM batch_months ORDER BY 1, 2, 3, 4",
    "batches": "SELECT batch_id, creditor_id, accepted, rejected FROM batches ORDER BY 1",
    "tallies": "SELECT * FROM tallies ORDER BY 1, 2, 3",
    "topics": "SELECT topic, events FROM topics ORDER BY 1",
    "movements": "SELECT * FROM movements ORDER BY 1",
}


async def figures(desk: Desk) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, statement in FIGURES.items():
        rows = [tuple(row) for row in await desk.rows(statement)]
        if name == "cases":
            rows = [(case_id, canonical(orjson.loads(state))) for case_id, state in rows]
        found[name] = rows
    return found


async def test_events_heard_twice_and_shuffled_give_the_same_figures(
    open_desk: Callable[[], Awaitable[Desk]],
) -> None:
    in_order, shuffled = await open_desk(), await open_desk()
    records = await in_order.hear(LIVES)
    twice = records + records
    random.Random(8).shuffle(twice)
    await shuffled.take(shuffled.log.append(twice), seed=9)
    assert await figures(shuffled) == await figures(in_order)
    for desk in (in_order, shuffled):
        assert (await desk.get("/v1/journal/verify"))["verified"] == len(records)
        assert (await desk.get("/v1/figures/verify"))["agrees"] is True


async def test_two_subscribers_at_once_write_one_chain(desk: Desk) -> None:
    records = desk.log.append(said.record for life in LIVES for said in life.said)
    by_partition = [[r for r in records if r.partition == number] for number in range(4)]
    await asyncio.gather(*(desk.take(partition, seed=number) for number, partition in enumerate(by_partition)))
    verdict = await desk.get("/v1/journal/verify")
    assert (verdict["is_intact"], verdict["is_complete"], verdict["verified"]) == (True, True, len(records))
    assert (await desk.get("/v1/figures/verify"))["agrees"] is True


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET occurred_at = now()",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "UPDATE movements SET amount_minor_units = 0",
        "DELETE FROM movements",
    ],
)
async def test_nobody_changes_an_entry_not_even_the_owner_by_mistake(desk: Desk, statement: str) -> None:
    await desk.hear(LIVES[:2])
    for attempt in (desk.rows(statement), desk.as_owner(statement)):
        with pytest.raises(Exception, match=r"permission denied|append-only"):
            await attempt
    assert (await desk.get("/v1/journal/verify"))["is_intact"] is True


@pytest.mark.parametrize(
    ("statement", "kind", "position"),
    [
        ("UPDATE journal SET body = '{{}}' WHERE position = {at}", "changed", 0),
        # Another type than it was, whatever stands at that position.
        (
            "UPDATE journal SET type = CASE type WHEN 'case.closed' THEN 'case.updated' ELSE 'case.closed' END"
            " WHERE position = {at}",
            "changed",
            0,
        ),
        ("DELETE FROM journal WHERE position = {at}", "gap", 1),
        ("DELETE FROM journal WHERE position >= {at}", "cut", 0),
        ("UPDATE journal_head SET hash = decode(repeat('ab', 32), 'hex')", "changed", None),
    ],
)
async def test_what_somebody_with_every_right_did_is_found(
    desk: Desk, statement: str, kind: str, position: int | None
) -> None:
    records = await desk.hear(LIVES[:8])
    at = len(records) // 2
    await desk.as_owner("ALTER TABLE journal DISABLE TRIGGER append_only", statement.format(at=at))
    fault = (await desk.get("/v1/journal/verify"))["fault"]
    assert (fault["kind"], fault["position"]) == (kind, len(records) if position is None else at + position)


async def test_a_long_chain_is_verified_in_pieces(desk: Desk) -> None:
    records = await desk.hear(LIVES)
    first = await desk.get("/v1/journal/verify?limit=100")
    assert (first["is_complete"], first["verified_to"]) == (False, 100)
    second = await desk.get("/v1/journal/verify?after=100")
    assert (second["is_complete"], second["verified"]) == (True, len(records) - 100)
    beyond = await desk.client.get(f"/v1/journal/verify?after={len(records) + 1}", headers=STAFF)
    assert beyond.status_code == 404


async def test_anybody_can_verify_an_export(desk: Desk) -> None:
    records = await desk.hear(LIVES[:8])
    exported = await desk.client.get("/v1/journal/export", headers=STAFF)
    previous = NOTHING_BEFORE
    lines = exported.text.splitlines()
    assert len(lines) == len(records)
    for line in lines:
        entry = json.loads(line)
        claimed = bytes.fromhex(entry.pop("hash"))
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(previous + text.encode()).digest()
        assert previous == claimed
    part = [chunk async for chunk in export_journal(desk.resources, after=10, limit=5)]
    assert b"".join(part).decode().splitlines() == lines[10:15]


async def test_a_row_that_somebody_changed_is_named_by_the_recount(desk: Desk) -> None:
    await desk.hear(LIVES[:8])
    case_id = (await desk.rows("SELECT case_id FROM cases WHERE is_placed LIMIT 1"))[0]["case_id"]
    change = """(state::jsonb || '{"days_past_due": 1}')::json"""
    await desk.as_owner(f"UPDATE cases SET state = {change} WHERE case_id = '{case_id}'")
    recount = await desk.get("/v1/figures/verify")
    assert (recount["agrees"], recount["differing_cases"]) == (False, [str(case_id)])


async def test_figures_folded_again_from_the_journal_are_the_same(desk: Desk) -> None:
    records = await desk.hear(LIVES)
    fresh = await figures(desk)
    await desk.as_owner("UPDATE portfolio SET cases = 7", "DELETE FROM tallies", "DELETE FROM cases WHERE is_on_hold")
    assert await rebuild(ReportingSettings(database_url=desk.databases.url)) == len(records)
    assert await figures(desk) == fresh
    assert (await desk.get("/v1/figures/verify"))["agrees"] is True


async def test_a_total_that_somebody_changed_is_found_by_the_recount(desk: Desk) -> None:
    await desk.hear(LIVES[:8])
    await desk.as_owner("UPDATE portfolio SET collected_minor_units = collected_minor_units + 1")
    recount = await desk.get("/v1/figures/verify")
    assert (recount["agrees"], recount["totals_agree"]) == (False, False)


async def test_a_case_that_nobody_told_of_does_not_exist(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await show_case(desk.resources, scope.STAFF, uuid4())
