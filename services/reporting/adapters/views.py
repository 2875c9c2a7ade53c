"""The reading side: plain queries under the caller's tenant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.reporting.adapters import rows
from services.reporting.application.ports import (
    Batch,
    CaseFilter,
    MonthFigures,
    PortfolioRow,
    Standstill,
    TopicFlow,
)
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.figures import FIGURES, MonthKey
from services.reporting.domain.journal import Entry, Head
from services.reporting.domain.statement import BookedMovement
from services.reporting.domain.topic_activity import last_hour
from shared.db.transaction import Transaction

_BATCHES = """
SELECT * FROM batches WHERE $1::uuid IS NULL OR batch_id < $1 ORDER BY batch_id DESC LIMIT $2
"""
_MONTHS_OF = "SELECT * FROM batch_months WHERE batch_id = ANY($1::uuid[]) ORDER BY currency, month"
_MONTHS_BY_CURRENCY = """
SELECT currency, month, sum(placed_minor_units)::bigint AS placed_minor_units,
    sum(collected_minor_units)::bigint AS collected_minor_units
FROM batch_months GROUP BY currency, month ORDER BY currency, month
"""
_FILTERS = {
    "creditor_id": "creditor_id = ${}::uuid",
    "currency": "currency = ${}",
    "status": "status = ${}",
    "risk_grade": "risk_grade = ${}",
    "is_on_hold": "is_on_hold = ${}",
    "case_id": "case_id = ${}::uuid",
    "after": "case_id < ${}::uuid",
}
# One statement, because each statement sees its own moment; the state comes with a case's first entry only.
_CASES_WITH_ENTRIES = f"""
WITH chosen AS (
    SELECT case_id, state FROM cases WHERE $1::uuid IS NULL OR case_id > $1 ORDER BY case_id LIMIT $2
)
SELECT {", ".join("j." + name for name in rows.ENTRY_COLUMNS).replace("j.body", "j.body::text")},
    CASE WHEN row_number() OVER (PARTITION BY chosen.case_id ORDER BY j.position) = 1
        THEN chosen.state::text END AS state
FROM chosen JOIN journal j ON j.key = chosen.case_id ORDER BY chosen.case_id, j.position
"""  # noqa: S608 - our own column names
_MOVEMENTS = f"""
SELECT {", ".join(rows.MOVEMENT_COLUMNS)} FROM movements
WHERE creditor_id = $1 AND occurred_at < $2 AND case_id IN (
    SELECT DISTINCT case_id FROM movements
    WHERE creditor_id = $1 AND occurred_at < $2 AND ($3::uuid IS NULL OR case_id > $3) ORDER BY case_id LIMIT $4)
ORDER BY case_id, stamp COLLATE "C"
"""  # noqa: S608 - our own column names
_FLOW = """
SELECT topic, events, minutes::text, extract(epoch FROM clock_timestamp() - last_recorded_at)::float8 AS silent_s,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
FROM topics ORDER BY topic
"""


class PostgresViews:
    """Implements `application.ports.Views`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def _driver(self) -> asyncpg.Connection[Any]:
        return await self._transaction.driver()

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await (await self._driver()).fetch(statement, *arguments)

    async def portfolio(self) -> list[PortfolioRow]:
        found = await self._fetch("SELECT * FROM portfolio WHERE cases > 0 ORDER BY creditor_id, currency")
        return [
            PortfolioRow(row["creditor_id"], row["currency"], {name: row[name] for name in FIGURES}) for row in found
        ]

    async def tallies(self) -> list[tuple[UUID, str, str, int]]:
        found = await self._fetch("SELECT creditor_id, measure, dimension, events FROM tallies ORDER BY 1, 2, 3")
        return [(row["creditor_id"], row["measure"], row["dimension"], row["events"]) for row in found]

    async def batches(self, limit: int, after: UUID | None = None) -> list[Batch]:
        found = await self._fetch(_BATCHES, after, limit)
        months = await self._fetch(_MONTHS_OF, [row["batch_id"] for row in found])
        return [
            Batch(
                batch_id=row["batch_id"],
                creditor_id=row["creditor_id"],
                accepted=row["accepted"],
                rejected=row["rejected"],
                first_at=row["first_at"],
                months=tuple(_month(month) for month in months if month["batch_id"] == row["batch_id"]),
            )
            for row in found
        ]

    async def months(self) -> dict[MonthKey, Counter[str]]:
        found = await self._fetch("SELECT * FROM batch_months")
        return {
            (row["batch_id"], row["creditor_id"], row["currency"], row["month"]): Counter(
                placed_minor_units=row["placed_minor_units"], collected_minor_units=row["collected_minor_units"]
            )
            for row in found
        }

    async def months_by_currency(self) -> list[MonthFigures]:
        found = await self._fetch(_MONTHS_BY_CURRENCY)
        return [_month(row) for row in found]

    async def rejected_records(self) -> dict[UUID, int]:
        found = await self._fetch(
            "SELECT creditor_id, sum(rejected)::bigint AS rejected FROM batches GROUP BY 1 HAVING sum(rejected) > 0"
        )
        return {row["creditor_id"]: row["rejected"] for row in found}

    async def cases(self, wanted: CaseFilter) -> list[CaseRow]:
        # Only the conditions that apply: `$1 IS NULL OR …` would be planned once for all and read the whole table.
        given = {name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None}
        conditions = ["is_placed", *(_FILTERS[name].format(n) for n, name in enumerate(given, 2))]
        found = await self._fetch(
            f"SELECT state::text FROM cases WHERE {' AND '.join(conditions)} ORDER BY case_id DESC LIMIT $1",  # noqa: S608 - made of the table above
            wanted.limit + 1,
            *given.values(),
        )
        return [rows.case_from_state(row["state"]) for row in found]

    async def cases_with_entries(self, after: UUID | None, limit: int) -> list[tuple[CaseRow, list[Entry]]]:
        found = await self._fetch(_CASES_WITH_ENTRIES, after, limit)
        answer: list[tuple[CaseRow, list[Entry]]] = []
        for row in found:
            if row["state"] is not None:
                answer.append((rows.case_from_state(row["state"]), []))
            answer[-1][1].append(rows.entry_from_row(row))
        return answer

    async def case(self, case_id: UUID) -> CaseRow | None:
        found = await self._fetch("SELECT state::text FROM cases WHERE case_id = $1", case_id)
        return rows.case_from_state(found[0]["state"]) if found else None

    async def entries_of(self, keys: Collection[UUID], limit: int) -> list[Entry]:
        found = await self._fetch(
            f"{rows.SELECT_ENTRIES} WHERE key = ANY($1::uuid[]) ORDER BY position LIMIT $2", list(keys), limit
        )
        return [rows.entry_from_row(row) for row in found]

    async def entries_after(self, position: int, limit: int) -> list[Entry]:
        found = await self._fetch(rows.SELECT_ENTRIES_AFTER, position, limit)
        return [rows.entry_from_row(row) for row in found]

    async def events_by_topic(self) -> dict[str, int]:
        return {row["topic"]: row["events"] for row in await self._fetch("SELECT * FROM topics ORDER BY topic")}

    async def flow(self) -> list[TopicFlow]:
        return [_flow(row) for row in await self._fetch(_FLOW)]

    async def standstill(self) -> Standstill:
        waiting = await self._fetch("SELECT reason, count(*) AS events FROM waiting GROUP BY reason ORDER BY reason")
        quarantined = await self._fetch("SELECT count(*) AS cases FROM quarantine")
        return Standstill(
            waiting={row["reason"]: row["events"] for row in waiting},
            quarantined=quarantined[0]["cases"],
            journal=await self.head(),
        )

    async def head(self) -> Head:
        row = (await self._fetch("SELECT position, hash FROM journal_head WHERE id = 1"))[0]
        return Head(row["position"], row["hash"])

    async def movements_after(
        self, creditor_id: UUID, ends_at: datetime, after: UUID | None, cases: int
    ) -> list[BookedMovement]:
        found = await self._fetch(_MOVEMENTS, creditor_id, ends_at, after, cases)
        return [rows.movement_from_row(row) for row in found]


def _month(row: asyncpg.Record) -> MonthFigures:
    return MonthFigures(row["currency"], row["month"], row["placed_minor_units"], row["collected_minor_units"])


def _flow(row: asyncpg.Record) -> TopicFlow:
    hour = last_hour(rows.minutes_from_text(row["minutes"]), row["now_ms"])
    events = sum(minute.events for minute in hour)
    return TopicFlow(
        topic=row["topic"],
        events=row["events"],
        events_last_hour=events,
        seconds_since_last=max(0.0, row["silent_s"]),
        delay_average_ms=sum(minute.delay_sum_ms for minute in hour) / events if events else None,
        delay_max_ms=float(max(minute.delay_max_ms for minute in hour)) if events else None,
        per_minute=tuple(minute.events for minute in hour),
    )
