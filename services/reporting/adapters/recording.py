"""The writing side in one batch's transaction: arrays, one statement a table.

Not COPY: PostgreSQL refuses it where row-level security applies to the role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from services.reporting.adapters import rows
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.facts import Fact
from services.reporting.domain.figures import FIGURES, MonthKey, PortfolioKey
from services.reporting.domain.journal import Entry, Head
from services.reporting.domain.statement import BookedMovement
from services.reporting.domain.topic_activity import note
from shared.db.transaction import Transaction

_LOCK_HEAD = "SELECT position, hash FROM journal_head WHERE id = 1 FOR UPDATE"
_MOVE_HEAD = "UPDATE journal_head SET position = $1, hash = $2 WHERE id = 1"
_WRITE_ENTRIES = f"""
INSERT INTO journal ({", ".join(rows.ENTRY_COLUMNS)})
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::bigint[],
    $8::uuid[], $9::uuid[], $10::text[], $11::text[]::json[], $12::bytea[])
"""  # noqa: S608 - our own column names
_WRITE_MOVEMENTS = f"""
INSERT INTO movements ({", ".join(rows.MOVEMENT_COLUMNS)})
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
    $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::bool[])
"""  # noqa: S608 - our own column names
_LOAD_CASES = "SELECT state::text FROM cases WHERE case_id = ANY($1::uuid[])"
_SAVE_CASES = """
INSERT INTO cases AS c (case_id, creditor_id, is_placed, currency, status, risk_grade, is_on_hold, placed_on, last_at,
    state)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::date[],
    $9::timestamptz[], $10::text[]::json[])
ON CONFLICT (case_id) DO UPDATE SET is_placed = excluded.is_placed, currency = excluded.currency,
    status = excluded.status, risk_grade = excluded.risk_grade, is_on_hold = excluded.is_on_hold,
    placed_on = excluded.placed_on, last_at = excluded.last_at, state = excluded.state
"""
_MOVE_PORTFOLIO = f"""
INSERT INTO portfolio AS p (creditor_id, currency, {", ".join(FIGURES)})
SELECT * FROM unnest($1::uuid[], $2::text[], {", ".join(f"${n}::bigint[]" for n in range(3, 3 + len(FIGURES)))})
ON CONFLICT (creditor_id, currency) DO UPDATE SET
    {", ".join(f"{name} = p.{name} + excluded.{name}" for name in FIGURES)}
"""  # noqa: S608 - made of our own column names
_MOVE_MONTHS = """
INSERT INTO batch_months AS m (batch_id, creditor_id, currency, month, placed_minor_units, collected_minor_units)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::bigint[])
ON CONFLICT (batch_id, creditor_id, currency, month) DO UPDATE SET
    placed_minor_units = m.placed_minor_units + excluded.placed_minor_units,
    collected_minor_units = m.collected_minor_units + excluded.collected_minor_units
"""
_MOVE_BATCHES = """
INSERT INTO batches AS b (batch_id, creditor_id, accepted, rejected)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
ON CONFLICT (batch_id) DO UPDATE SET accepted = b.accepted + excluded.accepted,
    rejected = b.rejected + excluded.rejected
"""
_MOVE_TALLIES = """
INSERT INTO tallies AS t (creditor_id, measure, dimension, events)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
ON CONFLICT (creditor_id, measure, dimension) DO UPDATE SET events = t.events + excluded.events
"""
_TOPIC = """
SELECT (SELECT minutes::text FROM topics WHERE topic = $1) AS minutes,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
"""
_NOTE_TOPIC = """
INSERT INTO topics AS t (topic, events, last_recorded_at, minutes) VALUES ($1, $2, clock_timestamp(), $3::text::json)
ON CONFLICT (topic) DO UPDATE SET events = t.events + excluded.events, last_recorded_at = excluded.last_recorded_at,
    minutes = excluded.minutes
"""


class PostgresRecording:
    """Implements `application.ports.Recording`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def _driver(self) -> asyncpg.Connection[Any]:
        return await self._transaction.driver()

    async def lock_head(self) -> Head:
        row = await (await self._driver()).fetchrow(_LOCK_HEAD)
        assert row is not None, "the migration made the head"
        return Head(row["position"], row["hash"])

    async def write_entries(self, head: Head, entries: Sequence[Entry]) -> None:
        await self._execute(_WRITE_ENTRIES, (rows.entry_to_row(entry) for entry in entries))
        await (await self._driver()).execute(_MOVE_HEAD, head.position, head.hash)

    async def entries_after(self, position: int, limit: int) -> list[Entry]:
        found = await (await self._driver()).fetch(rows.SELECT_ENTRIES_AFTER, position, limit)
        return [rows.entry_from_row(row) for row in found]

    async def forget_figures(self) -> None:
        driver = await self._driver()
        for table in ("cases", "portfolio", "batches", "batch_months", "tallies"):
            await driver.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names

    async def write_movements(self, movements: Sequence[BookedMovement]) -> None:
        await self._execute(_WRITE_MOVEMENTS, (rows.movement_to_row(movement) for movement in movements))

    async def load_cases(self, case_ids: Collection[UUID]) -> dict[UUID, CaseRow]:
        found = await (await self._driver()).fetch(_LOAD_CASES, list(case_ids))
        loaded = (rows.case_from_state(row["state"]) for row in found)
        return {row.case_id: row for row in loaded}

    async def save_cases(self, changed: Sequence[CaseRow]) -> None:
        await self._execute(_SAVE_CASES, (rows.case_to_row(row) for row in changed))

    async def move_portfolio(self, figures: Mapping[PortfolioKey, Counter[str]]) -> None:
        await self._execute(
            _MOVE_PORTFOLIO, ((*key, *(counter[name] for name in FIGURES)) for key, counter in figures.items())
        )

    async def move_months(self, figures: Mapping[MonthKey, Counter[str]]) -> None:
        await self._execute(
            _MOVE_MONTHS,
            ((*key, c["placed_minor_units"], c["collected_minor_units"]) for key, c in figures.items()),
        )

    async def move_batches(self, records: Mapping[tuple[UUID, UUID], Counter[str]]) -> None:
        await self._execute(_MOVE_BATCHES, ((*key, c["accepted"], c["rejected"]) for key, c in records.items()))

    async def move_tallies(self, tallies: Counter[tuple[UUID, str, str]]) -> None:
        await self._execute(_MOVE_TALLIES, ((*key, events) for key, events in tallies.items()))

    async def note_topic(self, topic: str, facts: Sequence[Fact]) -> None:
        driver = await self._driver()
        row = await driver.fetchrow(_TOPIC, topic)
        assert row is not None, "a SELECT without FROM has a row"
        known = rows.minutes_from_text(row["minutes"])
        minutes = note(known, row["now_ms"], [fact.made_at_ms for fact in facts])
        await driver.execute(_NOTE_TOPIC, topic, len(facts), rows.minutes_to_text(minutes))

    async def _execute(self, statement: str, records: Iterable[tuple[Any, ...]]) -> None:
        columns = list(zip(*records, strict=True))
        if columns:
            await (await self._driver()).execute(statement, *columns)
