"""Validation notices in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.outreach.adapters.validation_tables import validation_notices
from services.outreach.application.validation_records import NoticeAttempt, ValidationNotice
from services.outreach.domain.case_file import Balance
from shared.db.transaction import Transaction

_PLACED = (
    "case_id",
    "itemized_on",
    "fees_minor_units",
    "interest_minor_units",
    "principal_minor_units",
    "attempt_id",
)
_CHANGING = (
    "attempt_id",
    "initial_at",
    "due_at",
    "tries",
    "provided_at",
    "received_on",
    "period_ends_on",
    "closed_because",
)
_BEGIN = """
UPDATE validation_notices v SET initial_at = t.at, due_at = $3
FROM unnest($1::uuid[], $2::timestamptz[]) AS t (case_id, at)
WHERE v.case_id = t.case_id AND v.initial_at IS NULL AND v.closed_because IS NULL
"""
_PAID = """
UPDATE validation_notices v SET paid_minor_units = v.paid_minor_units + t.paid
FROM (SELECT case_id, sum(paid)::bigint AS paid FROM unnest($1::uuid[], $2::bigint[]) AS u (case_id, paid)
      GROUP BY case_id ORDER BY case_id) AS t
WHERE v.case_id = t.case_id
"""
_CLAIM = """
SELECT v.case_id FROM validation_notices v JOIN cases c USING (case_id) JOIN persons p ON p.person_id = c.person_id
WHERE v.case_id = ANY($1::uuid[]) AND v.due_at <= $2 ORDER BY p.person_id FOR UPDATE OF p SKIP LOCKED
"""
_DUE = "SELECT * FROM validation_notices WHERE case_id = ANY($1::uuid[]) AND due_at <= $2 ORDER BY due_at, case_id"
_ATTEMPTS = """
SELECT a.attempt_id, a.state, a.outcome, a.handed_over_at, s.issued_on
FROM attempts a LEFT JOIN sent_texts s USING (attempt_id) WHERE a.attempt_id = ANY($1::uuid[])
"""
_SAVE = """
UPDATE validation_notices v SET attempt_id = t.attempt_id, initial_at = t.initial_at, due_at = t.due_at,
    tries = t.tries, provided_at = t.provided_at, received_on = t.received_on, period_ends_on = t.period_ends_on,
    closed_because = t.closed_because
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::smallint[], $6::timestamptz[],
            $7::date[], $8::date[], $9::text[])
    AS t (case_id, attempt_id, initial_at, due_at, tries, provided_at, received_on, period_ends_on, closed_because)
WHERE v.case_id = t.case_id
"""


class ValidationNoticeRepository:
    """`Work.validations`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open(self, notices: Sequence[ValidationNotice]) -> None:
        if not notices:
            return
        driver = await self._transaction.driver()
        placed = [
            (
                notice.case_id,
                notice.itemized_on,
                notice.placed.fees_minor_units,
                notice.placed.interest_minor_units,
                notice.placed.principal_minor_units,
                notice.attempt_id,
            )
            for notice in notices
        ]
        await driver.copy_records_to_table(validation_notices.name, columns=_PLACED, records=placed)

    async def begin(self, communications: Mapping[UUID, datetime]) -> None:
        if communications:
            driver = await self._transaction.driver()
            await driver.execute(_BEGIN, *_columns(sorted(communications.items())), self._transaction.now)

    async def add_payments(self, paid: Sequence[tuple[UUID, int]]) -> None:
        if paid:
            driver = await self._transaction.driver()
            await driver.execute(_PAID, *_columns(paid))

    async def due(self, limit: int) -> list[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT case_id FROM validation_notices WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
            self._transaction.now,
            limit,
        )
        return [row["case_id"] for row in rows]

    async def claim(self, case_ids: Collection[UUID]) -> list[ValidationNotice]:
        driver = await self._transaction.driver()
        now = self._transaction.now
        claimed = await driver.fetch(_CLAIM, list(case_ids), now)
        if not claimed:
            return []
        return [_notice(row) for row in await driver.fetch(_DUE, [row["case_id"] for row in claimed], now)]

    async def attempts(self, notices: Sequence[ValidationNotice]) -> Mapping[UUID, NoticeAttempt]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_ATTEMPTS, [notice.attempt_id for notice in notices])
        return {
            row["attempt_id"]: NoticeAttempt(row["state"], row["outcome"], row["handed_over_at"], row["issued_on"])
            for row in rows
        }

    async def save(self, notices: Sequence[ValidationNotice]) -> None:
        if notices:
            driver = await self._transaction.driver()
            rows = [(notice.case_id, *(getattr(notice, name) for name in _CHANGING)) for notice in notices]
            await driver.execute(_SAVE, *_columns(rows))

    async def postpone(self, case_ids: Collection[UUID], at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE validation_notices SET due_at = $2 WHERE case_id = ANY($1::uuid[]) AND due_at IS NOT NULL",
            list(case_ids),
            at,
        )

    async def follow(self, case_id: UUID, attempt_id: UUID, at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE validation_notices SET attempt_id = $2, due_at = $3, closed_because = NULL "
            "WHERE case_id = $1 AND provided_at IS NULL",
            case_id,
            attempt_id,
            at,
        )

    async def look_again(self, attempt_ids: Collection[UUID]) -> None:
        if attempt_ids:
            driver = await self._transaction.driver()
            await driver.execute(
                "UPDATE validation_notices v SET due_at = $2 WHERE attempt_id = ANY($1::uuid[]) AND EXISTS "
                "(SELECT FROM attempts a WHERE a.attempt_id = v.attempt_id AND a.state = 'settled')",
                list(attempt_ids),
                self._transaction.now,
            )

    async def period_end(self, case_id: UUID) -> date | None:
        driver = await self._transaction.driver()
        ends_on: date | None = await driver.fetchval(
            "SELECT period_ends_on FROM validation_notices WHERE case_id = $1", case_id
        )
        return ends_on


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _notice(row: asyncpg.Record) -> ValidationNotice:
    return ValidationNotice(
        case_id=row["case_id"],
        itemized_on=row["itemized_on"],
        placed=Balance(row["fees_minor_units"], row["interest_minor_units"], row["principal_minor_units"]),
        paid_minor_units=row["paid_minor_units"],
        **{name: row[name] for name in _CHANGING},
    )
