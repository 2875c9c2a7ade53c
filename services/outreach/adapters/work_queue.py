"""The queue of what needs a person, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.outreach.application.workbench_records import (
    Candidate,
    Load,
    NewItem,
    QueueFilter,
    StaffMemberRow,
    WorkItem,
)
from services.outreach.domain.work_queue import DISPUTE_ANSWER, NEAR_SLA, Points
from shared.db.transaction import Transaction

LOOK_BACK = timedelta(days=31)
"""Older subjects that nobody queued are history, not work."""
STUCK_FOR = timedelta(days=1)
"""How long an item waits for the person who knows the borrower before anybody may take it."""

# $1 now, $2 look-back, $3 near the SLA, $4 a dispute's answer. Of a case's subjects of one kind the newest one speaks.
_CANDIDATES = """
WITH found AS (
    SELECT 'distress' AS kind, hold_id AS subject_id, case_id, applied_at AS since_at, NULL::timestamptz AS due_at
    FROM holds WHERE kind = 'distress' AND released_at IS NULL
    UNION ALL
    SELECT 'complaint', complaint_id, case_id, opened_at, answer_due_at
    FROM complaints WHERE closed_at IS NULL AND answer_due_at <= $1::timestamptz + $3::interval
    UNION ALL
    SELECT 'dispute', dispute_id, case_id, opened_at, opened_at + $4::interval
    FROM disputes WHERE closed_at IS NULL AND opened_at <= $1::timestamptz + $3::interval - $4::interval
    UNION ALL
    SELECT 'callback', attempt_id, case_id, written_at, next_at
    FROM call_notes WHERE next_step = 'call_back' AND next_at <= $1::timestamptz AND next_at > $2
    UNION ALL
    SELECT 'callback', reply_id, case_id, received_at, received_at + interval '1 day'
    FROM replies WHERE intent = 'call_back' AND received_at > $2
    UNION ALL
    SELECT 'unclear_reply', review_id, case_id, opened_at, NULL FROM reply_reviews WHERE resolved_at IS NULL
    UNION ALL
    SELECT 'review', decision_id, case_id, decided_at, NULL
    FROM decisions WHERE verdict = 'review' AND decided_at > $2
    UNION ALL
    SELECT 'letter_returned', attempt_id, case_id, settled_at, NULL
    FROM attempts WHERE channel = 'letter' AND outcome = 'failed' AND settled_at > $2
    UNION ALL
    SELECT 'refused_text', attempt_id, case_id, refused_at, NULL FROM refused_texts WHERE resolved_at IS NULL
), newest AS (
    SELECT DISTINCT ON (case_id, kind) * FROM found ORDER BY case_id, kind, since_at DESC, subject_id DESC)
SELECT n.*, c.is_vulnerable, last.done_by AS sticky_to
FROM newest n JOIN cases c USING (case_id)
LEFT JOIN LATERAL (
    SELECT done_by FROM work_items w WHERE w.person_id = c.person_id AND w.done_by IS NOT NULL
    ORDER BY w.done_at DESC LIMIT 1) last ON true
WHERE (c.status = 'open' OR n.kind IN ('complaint', 'dispute', 'distress'))
  AND NOT EXISTS (SELECT 1 FROM work_items w WHERE w.kind = n.kind AND w.subject_id = n.subject_id)
  AND NOT EXISTS (SELECT 1 FROM work_items w WHERE w.case_id = n.case_id AND w.kind = n.kind AND w.done_at IS NULL)
ORDER BY n.since_at, n.subject_id LIMIT $5
"""
_ADD = """
INSERT INTO work_items (item_id, kind, subject_id, case_id, person_id, creditor_id, jurisdiction, language,
                        is_vulnerable, since_at, due_at, priority, reasons, weighed_at, sticky_to)
SELECT t.item_id, t.kind, t.subject_id, t.case_id, c.person_id, c.creditor_id, c.jurisdiction, c.language,
       t.is_vulnerable OR c.is_vulnerable, t.since_at, t.due_at, t.priority, t.reasons, $11, t.sticky_to
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bool[], $6::timestamptz[], $7::timestamptz[],
            $8::int[], $9::text[], $10::text[])
     AS t (item_id, kind, subject_id, case_id, is_vulnerable, since_at, due_at, priority, reasons, sticky_to)
JOIN cases c USING (case_id) ORDER BY t.case_id, t.kind
ON CONFLICT DO NOTHING
"""
_RESOLVED = """
UPDATE work_items SET done_at = $1, done_by = NULL, outcome = 'resolved_elsewhere', holder = NULL, held_until = NULL
WHERE item_id IN (
    SELECT w.item_id FROM work_items w JOIN cases c USING (case_id)
    WHERE w.done_at IS NULL AND (w.holder IS NULL OR w.held_until < clock_timestamp()) AND (
        (c.status <> 'open' AND w.kind NOT IN ('complaint', 'dispute', 'distress'))
        OR (w.kind = 'distress' AND EXISTS (
            SELECT 1 FROM holds h WHERE h.hold_id = w.subject_id AND h.released_at IS NOT NULL))
        OR (w.kind = 'complaint' AND EXISTS (
            SELECT 1 FROM complaints k WHERE k.complaint_id = w.subject_id AND k.closed_at IS NOT NULL))
        OR (w.kind = 'dispute' AND EXISTS (
            SELECT 1 FROM disputes d WHERE d.dispute_id = w.subject_id AND d.closed_at IS NOT NULL))
        OR (w.kind = 'unclear_reply' AND EXISTS (
            SELECT 1 FROM reply_reviews r WHERE r.review_id = w.subject_id AND r.resolved_at IS NOT NULL))
        OR (w.kind = 'refused_text' AND EXISTS (
            SELECT 1 FROM refused_texts t WHERE t.attempt_id = w.subject_id AND t.resolved_at IS NOT NULL)))
    ORDER BY w.item_id LIMIT $2 FOR UPDATE OF w SKIP LOCKED)
"""
_COLUMNS = "w.*, (w.holder IS NOT NULL AND w.held_until > clock_timestamp() AND w.done_at IS NULL) AS is_held"
_WANTED = """
w.done_at IS NULL AND ($1::text IS NULL OR w.kind = $1) AND ($2::text IS NULL OR w.language = $2)
AND ($3::text IS NULL OR w.jurisdiction = $3) AND (NOT $4::bool OR w.due_at <= $5::timestamptz)
"""
_FIND = f"""
SELECT {_COLUMNS} FROM work_items w WHERE {_WANTED}
AND ($6::uuid IS NULL OR (-w.priority, w.since_at, w.item_id) >
     (SELECT -l.priority, l.since_at, l.item_id FROM work_items l WHERE l.item_id = $6))
ORDER BY w.priority DESC, w.since_at, w.item_id LIMIT $7
"""  # noqa: S608 - composed of constants
_NEXT = f"""
SELECT w.item_id FROM work_items w WHERE {_WANTED}
AND (w.holder IS NULL OR w.held_until < clock_timestamp()) AND w.language = ANY($6::text[])
AND (w.sticky_to IS NULL OR w.sticky_to = $7 OR w.due_at <= $5 OR w.since_at <= $5::timestamptz - $8::interval)
ORDER BY (w.sticky_to = $7) IS TRUE DESC, w.priority DESC, w.since_at, w.item_id LIMIT 1 FOR UPDATE OF w SKIP LOCKED
"""  # noqa: S608 - composed of constants
_CLAIM = f"""
UPDATE work_items w SET holder = $2, held_until = clock_timestamp() + make_interval(secs => $3)
WHERE w.item_id = $1 AND w.done_at IS NULL
  AND (w.holder IS NULL OR w.holder = $2 OR w.held_until < clock_timestamp())
RETURNING {_COLUMNS}
"""  # noqa: S608 - composed of constants
_LOADS = """
SELECT s.staff_id, s.kind, s.capacity,
    (SELECT count(*) FROM work_items w WHERE w.holder = s.staff_id AND w.done_at IS NULL
        AND w.held_until > clock_timestamp()) AS held,
    (SELECT count(*) FROM work_items w WHERE w.holder = s.staff_id AND w.done_at IS NULL
        AND w.held_until > clock_timestamp() AND w.due_at <= $2) AS overdue,
    (SELECT count(*) FROM work_items w WHERE w.done_by = s.staff_id AND w.done_at >= $1) AS done_today,
    (SELECT count(*) FROM work_items w WHERE w.sticky_to = s.staff_id AND w.done_at IS NULL) AS sticky
FROM staff_members s WHERE s.is_active ORDER BY s.staff_id
"""


class WorkQueueRepository:
    """`Work.queue`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def candidates(self, limit: int) -> Sequence[Candidate]:
        driver = await self._transaction.driver()
        now = self._transaction.now
        rows = await driver.fetch(_CANDIDATES, now, now - LOOK_BACK, NEAR_SLA, DISPUTE_ANSWER, limit)
        return [Candidate(**row) for row in rows]

    async def add(self, items: Sequence[NewItem]) -> int:
        if not items:
            return 0
        driver = await self._transaction.driver()
        rows = [
            (
                item.item_id,
                item.candidate.kind,
                item.candidate.subject_id,
                item.candidate.case_id,
                item.candidate.is_vulnerable,
                item.candidate.since_at,
                item.due_at,
                sum(entry.points for entry in item.reasons),
                _text(item.reasons),
                item.candidate.sticky_to,
            )
            for item in items
        ]
        status = await driver.execute(_ADD, *map(list, zip(*rows, strict=True)), self._transaction.now)
        return int(status.rsplit(" ", 1)[-1])

    async def stale(self, weighed_before: datetime, limit: int) -> Sequence[WorkItem]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            f"SELECT {_COLUMNS} FROM work_items w WHERE w.done_at IS NULL AND w.weighed_at < $1 "  # noqa: S608 - a constant
            "ORDER BY w.item_id LIMIT $2 FOR UPDATE OF w SKIP LOCKED",
            weighed_before,
            limit,
        )
        return [_item(row) for row in rows]

    async def set_reasons(self, reasons: Mapping[UUID, tuple[Points, ...]]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE work_items w SET priority = t.priority, reasons = t.reasons, weighed_at = $4 "
            "FROM unnest($1::uuid[], $2::int[], $3::text[]) AS t (item_id, priority, reasons) "
            "WHERE w.item_id = t.item_id",
            list(reasons),
            [sum(entry.points for entry in points) for points in reasons.values()],
            [_text(points) for points in reasons.values()],
            self._transaction.now,
        )

    async def close_resolved(self, limit: int) -> int:
        driver = await self._transaction.driver()
        status = await driver.execute(_RESOLVED, self._transaction.now, limit)
        return int(status.rsplit(" ", 1)[-1])

    async def get(self, item_id: UUID) -> WorkItem | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(f"SELECT {_COLUMNS} FROM work_items w WHERE w.item_id = $1", item_id)  # noqa: S608 - a constant
        return _item(row) if row is not None else None

    async def find(self, wanted: QueueFilter) -> Sequence[WorkItem]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_FIND, *self._wanted(wanted), wanted.after, wanted.limit)
        return [_item(row) for row in rows]

    async def count(self, wanted: QueueFilter) -> int:
        driver = await self._transaction.driver()
        statement = f"SELECT count(*) FROM work_items w WHERE {_WANTED}"  # noqa: S608 - a constant
        return int(await driver.fetchval(statement, *self._wanted(wanted)))

    async def held_by(self, staff_id: str) -> Sequence[WorkItem]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            f"SELECT {_COLUMNS} FROM work_items w WHERE w.holder = $1 AND w.done_at IS NULL "  # noqa: S608 - a constant
            "AND w.held_until > clock_timestamp() ORDER BY w.priority DESC, w.since_at, w.item_id",
            staff_id,
        )
        return [_item(row) for row in rows]

    async def next_for(self, member: StaffMemberRow, wanted: QueueFilter) -> UUID | None:
        driver = await self._transaction.driver()
        found: UUID | None = await driver.fetchval(
            _NEXT, *self._wanted(wanted), list(member.languages), member.staff_id, STUCK_FOR
        )
        return found

    async def claim(self, item_id: UUID, staff_id: str, lease_s: float) -> WorkItem | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(_CLAIM, item_id, staff_id, lease_s)
        return _item(row) if row is not None else None

    async def release(self, item_id: UUID, staff_id: str) -> bool:
        driver = await self._transaction.driver()
        status = await driver.execute(
            "UPDATE work_items SET holder = NULL, held_until = NULL "
            "WHERE item_id = $1 AND holder = $2 AND done_at IS NULL",
            item_id,
            staff_id,
        )
        return bool(status == "UPDATE 1")

    async def finish(self, item_id: UUID, staff_id: str, outcome: str, at: datetime) -> bool:
        driver = await self._transaction.driver()
        status = await driver.execute(
            "UPDATE work_items SET done_at = $4, done_by = $2, outcome = $3, holder = NULL, held_until = NULL "
            "WHERE item_id = $1 AND holder = $2 AND done_at IS NULL",
            item_id,
            staff_id,
            outcome,
            at,
        )
        return bool(status == "UPDATE 1")

    async def loads(self, day_began_at: datetime) -> Sequence[Load]:
        driver = await self._transaction.driver()
        return [Load(**row) for row in await driver.fetch(_LOADS, day_began_at, self._transaction.now)]

    def _wanted(self, wanted: QueueFilter) -> tuple[Any, ...]:
        return wanted.kind, wanted.language, wanted.jurisdiction, wanted.is_overdue, self._transaction.now


def _text(reasons: Sequence[Points]) -> str:
    return orjson.dumps([[entry.reason, entry.points] for entry in reasons]).decode()


def _item(row: asyncpg.Record) -> WorkItem:
    values = dict(row)
    values["reasons"] = tuple(Points(reason, points) for reason, points in orjson.loads(values["reasons"]))
    values.pop("weighed_at")
    return WorkItem(**values)
