"""Attempts in PostgreSQL. Whoever sends or settles must name the token the row carries now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
import orjson

from services.outreach.adapters.contact_plans import plan_from_row
from services.outreach.application.records import (
    AddressedAttempt,
    ContactLine,
    ExpiredLease,
    Lease,
    PlannedContact,
    Reservation,
    SentAttempt,
    Settlement,
)
from services.outreach.domain.attempt import higher
from services.outreach.domain.gate.chain import ChainLink
from shared.db.transaction import Transaction

_RESERVE = """
INSERT INTO attempts AS a (attempt_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, template,
                           decision_id, state, counts, token, lease_until, reserved_at)
SELECT attempt_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, template, decision_id,
       'reserved', true, 1, clock_timestamp() + make_interval(secs => $10), $11
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[])
     AS t (attempt_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, template, decision_id)
ON CONFLICT (attempt_id) DO UPDATE SET
    contact_point_id = excluded.contact_point_id, channel = excluded.channel, rung = excluded.rung,
    template = excluded.template, decision_id = excluded.decision_id, state = 'reserved', counts = true,
    token = a.token + 1, lease_until = excluded.lease_until, reserved_at = excluded.reserved_at
    WHERE a.state = 'released'
RETURNING attempt_id, token
"""
_HAND_OVER = """
UPDATE attempts a SET state = 'sending', handed_over_at = $3,
       lease_until = clock_timestamp() + make_interval(secs => $4)
FROM unnest($1::uuid[], $2::int[]) AS t (attempt_id, token)
WHERE a.attempt_id = t.attempt_id AND a.token = t.token AND a.state = 'reserved'
RETURNING a.attempt_id
"""
_RELEASE = """
WITH released AS (
    UPDATE attempts a SET state = 'released', counts = false, lease_until = NULL
    FROM unnest($1::uuid[], $2::int[]) AS t (attempt_id, token)
    WHERE a.attempt_id = t.attempt_id AND a.token = t.token AND a.state IN ('reserved', 'sending')
    RETURNING a.attempt_id, a.case_id)
UPDATE contact_plans p SET due_at = $3 FROM released r WHERE p.case_id = r.case_id AND p.attempt_id = r.attempt_id
"""
# Reserved, or on the way to a provider and given to none yet: that is kept before it is given. Who calls by hand or
# stands at a door is their own provider.
_WITHDRAW = """
WITH released AS (
    UPDATE attempts a SET state = 'released', counts = false, lease_until = NULL, token = token + 1
    WHERE case_id = ANY($1::uuid[]) AND (state = 'reserved' OR (
        state = 'sending' AND provider IS NULL AND channel <> 'visit'
        AND NOT EXISTS (SELECT 1 FROM hand_calls h WHERE h.attempt_id = a.attempt_id)))
    RETURNING attempt_id, case_id)
UPDATE contact_plans p SET due_at = $2 FROM released r WHERE p.case_id = r.case_id AND p.attempt_id = r.attempt_id
"""
_LOCK_SENT = """
SELECT a.*, d.facts_hash, d.pack_hash, d.packs, d.position AS chain_position, d.chain_hash, t.content_hash
FROM attempts a JOIN decisions d USING (decision_id) LEFT JOIN sent_texts t USING (attempt_id)
WHERE a.attempt_id = ANY($1::uuid[]) AND a.state = 'sending' ORDER BY a.attempt_id FOR UPDATE OF a
"""
_PLANS_IN_HAND = """
SELECT * FROM contact_plans WHERE case_id = ANY($1::uuid[]) AND attempt_id = ANY($2::uuid[]) ORDER BY case_id FOR UPDATE
"""
_SETTLE = """
UPDATE attempts a SET state = 'settled', outcome = t.outcome, counts = t.counts, lease_until = NULL, settled_at = $4
FROM unnest($1::uuid[], $2::text[], $3::bool[]) AS t (attempt_id, outcome, counts)
WHERE a.attempt_id = t.attempt_id
"""
_TAKE_OVER = """
UPDATE attempts SET token = token + 1, takeovers = takeovers + 1,
       lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE attempt_id IN (
    SELECT attempt_id FROM attempts WHERE state IN ('reserved', 'sending') AND lease_until < clock_timestamp()
    ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING attempt_id, case_id, creditor_id, contact_point_id, channel, state, token, takeovers, provider, receipt,
          coalesce(handed_over_at, reserved_at) AS handed_over_at
"""
_NOTE_PROVIDERS = """
UPDATE attempts a SET provider = t.provider
FROM unnest($1::uuid[], $2::int[], $3::text[]) AS t (attempt_id, token, provider)
WHERE a.attempt_id = t.attempt_id AND a.token = t.token AND a.state = 'sending'
RETURNING a.attempt_id
"""
_HISTORY = """
SELECT d.decided_at AS at, d.*, a.attempt_id, a.outcome, a.state FROM decisions d
LEFT JOIN attempts a ON a.decision_id = d.decision_id
WHERE d.case_id = $1 ORDER BY d.position DESC LIMIT $2
"""


class AttemptRepository:
    """`Work.attempts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def reserve(self, reservations: Sequence[Reservation], lease_s: float) -> list[Lease]:
        if not reservations:
            return []
        driver = await self._transaction.driver()
        rows = [
            (
                entry.attempt_id,
                entry.case_id,
                entry.person_id,
                entry.creditor_id,
                entry.contact_point_id,
                entry.channel,
                entry.rung,
                entry.template,
                entry.decision_id,
            )
            for entry in reservations
        ]
        columns = (list(column) for column in zip(*rows, strict=True))
        taken = await driver.fetch(_RESERVE, *columns, lease_s, self._transaction.now)
        return [Lease(row["attempt_id"], row["token"]) for row in taken]

    async def hand_over(self, leases: Sequence[Lease], lease_s: float) -> set[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_HAND_OVER, *_arrays(leases), self._transaction.now, lease_s)
        return {row["attempt_id"] for row in rows}

    async def release(self, leases: Sequence[Lease], retry_at: datetime) -> int:
        driver = await self._transaction.driver()
        status = await driver.execute(_RELEASE, *_arrays(leases), retry_at)
        return int(status.rsplit(" ", 1)[-1])

    async def withdraw(self, case_ids: Collection[UUID], at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(_WITHDRAW, list(case_ids), at)

    async def lock_sent(self, leases: Sequence[Lease]) -> list[SentAttempt]:
        if not leases:
            return []
        driver = await self._transaction.driver()
        tokens = {lease.attempt_id: lease.token for lease in leases}
        rows = [
            row for row in await driver.fetch(_LOCK_SENT, list(tokens)) if row["token"] == tokens[row["attempt_id"]]
        ]
        in_hand = await driver.fetch(
            _PLANS_IN_HAND, [row["case_id"] for row in rows], [row["attempt_id"] for row in rows]
        )
        plans = {row["attempt_id"]: plan_from_row(row) for row in in_hand}
        return [_sent(row, plans.get(row["attempt_id"])) for row in rows]

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        if not settlements:
            return
        driver = await self._transaction.driver()
        await driver.execute(
            _SETTLE,
            [entry.attempt_id for entry in settlements],
            [entry.outcome for entry in settlements],
            [entry.counts for entry in settlements],
            self._transaction.now,
        )

    async def take_over_expired(self, limit: int, lease_s: float) -> list[ExpiredLease]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_TAKE_OVER, limit, lease_s)
        return [
            ExpiredLease(
                lease=Lease(row["attempt_id"], row["token"]),
                case_id=row["case_id"],
                creditor_id=row["creditor_id"],
                contact_point_id=row["contact_point_id"],
                channel=row["channel"],
                state=row["state"],
                takeovers=row["takeovers"],
                provider=row["provider"],
                receipt=row["receipt"],
                handed_over_at=row["handed_over_at"],
            )
            for row in rows
        ]

    async def note_providers(self, leases: Sequence[Lease], providers: Mapping[UUID, str]) -> set[UUID]:
        driver = await self._transaction.driver()
        ids, tokens = _arrays(leases)
        rows = await driver.fetch(_NOTE_PROVIDERS, ids, tokens, [providers[attempt_id] for attempt_id in ids])
        return {row["attempt_id"] for row in rows}

    async def expire_soon(self, leases: Sequence[Lease], lease_s: float) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE attempts a SET lease_until = clock_timestamp() + make_interval(secs => $3) "
            "FROM unnest($1::uuid[], $2::int[]) AS t (attempt_id, token) "
            "WHERE a.attempt_id = t.attempt_id AND a.token = t.token AND a.state = 'sending'",
            *_arrays(leases),
            lease_s,
        )

    async def record_receipts(self, receipts: Sequence[tuple[UUID, str]], provider: str | None = None) -> set[UUID]:
        driver = await self._transaction.driver()
        reported = dict(receipts)
        rows = await driver.fetch(
            "SELECT attempt_id, state, outcome, receipt FROM attempts WHERE attempt_id = ANY($1::uuid[]) "
            "AND ($2::text IS NULL OR provider = $2) ORDER BY attempt_id FOR UPDATE",
            list(reported),
            provider,
        )
        for row in rows:
            receipt = higher(row["receipt"], reported[row["attempt_id"]])
            is_settled = row["state"] == "settled"
            await driver.execute(
                "UPDATE attempts SET receipt = $2, outcome = $3 WHERE attempt_id = $1",
                row["attempt_id"],
                receipt,
                higher(row["outcome"], receipt) if is_settled else row["outcome"],
            )
        return {row["attempt_id"] for row in rows}

    async def addressed(self, attempt_ids: Collection[UUID]) -> dict[UUID, AddressedAttempt]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT attempt_id, case_id, contact_point_id, channel FROM attempts WHERE attempt_id = ANY($1::uuid[])",
            list(attempt_ids),
        )
        return {row["attempt_id"]: _addressed(row) for row in rows}

    async def latest_to(self, contact_point_ids: Collection[UUID]) -> AddressedAttempt | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(
            "SELECT a.attempt_id, a.case_id, a.contact_point_id, a.channel FROM contact_points p "
            "JOIN attempts a ON a.person_id = p.person_id AND a.contact_point_id = p.contact_point_id "
            "WHERE p.contact_point_id = ANY($1::uuid[]) ORDER BY a.attempt_id DESC LIMIT 1",
            list(contact_point_ids),
        )
        return _addressed(row) if row is not None else None

    async def history(self, case_id: UUID, limit: int) -> list[ContactLine]:
        driver = await self._transaction.driver()
        return [_line(row) for row in await driver.fetch(_HISTORY, case_id, limit)]


def _arrays(leases: Sequence[Lease]) -> tuple[list[UUID], list[int]]:
    return [lease.attempt_id for lease in leases], [lease.token for lease in leases]


def _addressed(row: asyncpg.Record) -> AddressedAttempt:
    return AddressedAttempt(row["attempt_id"], row["case_id"], row["contact_point_id"], row["channel"])


def _sent(row: asyncpg.Record, plan: PlannedContact | None) -> SentAttempt:
    return SentAttempt(
        attempt_id=row["attempt_id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        creditor_id=row["creditor_id"],
        contact_point_id=row["contact_point_id"],
        channel=row["channel"],
        rung=row["rung"],
        template=row["template"],
        decision_id=row["decision_id"],
        facts_hash=row["facts_hash"],
        pack_hash=row["pack_hash"],
        packs=tuple(row["packs"]),
        chain=ChainLink(row["chain_position"], row["chain_hash"]),
        content_hash=row["content_hash"],
        receipt=row["receipt"],
        handed_over_at=row["handed_over_at"],
        progress=plan.progress if plan else None,
        cause=plan.cause if plan else None,
    )


def _kind(row: asyncpg.Record) -> Literal["attempt", "denial", "withdrawn"]:
    """An allowed contact without an attempt was taken back before it left; its attempt was used for a later one."""
    if row["attempt_id"] is not None:
        return "attempt"
    return "withdrawn" if row["verdict"] == "allow" else "denial"


def _line(row: asyncpg.Record) -> ContactLine:
    return ContactLine(
        at=row["at"],
        kind=_kind(row),
        channel=row["channel"],
        rung=row["rung"],
        contact_point_id=row["contact_point_id"],
        decision_id=row["decision_id"],
        verdict=row["verdict"],
        rules=tuple(orjson.loads(row["rules"])),
        until=row["until"],
        attempt_id=row["attempt_id"],
        outcome=row["outcome"] or row["state"],
        facts_hash=row["facts_hash"],
        pack_hash=row["pack_hash"],
        packs=tuple(row["packs"]),
    )
