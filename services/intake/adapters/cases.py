"""Cases with what other stages told of them, batches, and refused records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, Select, select, update

from services.intake.adapters.columns import insert_columns
from services.intake.adapters.tables import accounts, batches, cases, persons, rejections
from services.intake.application.rows import AgreedPlanRow, BatchRow, CaseRow, CaseView, HoldRow, RejectionRow
from services.intake.domain.case import Case, PlanHistory
from services.intake.domain.placement import Buckets
from shared.db.transaction import Transaction

_NOTE_PLANS = """
UPDATE cases SET plan_broken_at = greatest(plan_broken_at, t.broken_at),
                 plan_completed_at = greatest(plan_completed_at, t.completed_at)
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS t (case_id, broken_at, completed_at)
WHERE cases.case_id = t.case_id
"""
# Grouped: one plan may be told of more than once in a batch.
_NOTE_AGREEMENTS = """
INSERT INTO agreed_plans AS p (plan_id, creditor_id, case_id, agreed_at, withdrawn_at)
SELECT t.plan_id, c.creditor_id, c.case_id, max(t.agreed_at), max(t.withdrawn_at)
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
     AS t (plan_id, case_id, agreed_at, withdrawn_at)
JOIN cases c ON c.case_id = t.case_id
GROUP BY t.plan_id, c.creditor_id, c.case_id ORDER BY t.plan_id
ON CONFLICT (plan_id) DO UPDATE SET agreed_at = greatest(p.agreed_at, excluded.agreed_at),
                                    withdrawn_at = greatest(p.withdrawn_at, excluded.withdrawn_at)
"""
_SET_AGREED = """
UPDATE cases SET plan_agreed_at = (
    SELECT max(p.agreed_at) FROM agreed_plans p WHERE p.case_id = cases.case_id AND p.withdrawn_at IS NULL)
WHERE case_id = ANY($1::uuid[])
"""
# The join leaves out cases that are not here and gives the row its tenant.
_NOTE_HOLDS = """
INSERT INTO case_holds AS h (hold_id, creditor_id, case_id, kind, until_at, applied_at)
SELECT t.hold_id, c.creditor_id, t.case_id, t.kind, t.until_at, t.applied_at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     AS t (hold_id, case_id, kind, until_at, applied_at)
JOIN cases c ON c.case_id = t.case_id
ORDER BY t.hold_id
ON CONFLICT (hold_id) DO UPDATE
SET kind = excluded.kind, until_at = excluded.until_at, applied_at = excluded.applied_at
"""
_NOTE_RELEASES = """
INSERT INTO case_holds AS h (hold_id, creditor_id, case_id, released_at)
SELECT t.hold_id, c.creditor_id, t.case_id, t.released_at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (hold_id, case_id, released_at)
JOIN cases c ON c.case_id = t.case_id
ORDER BY t.hold_id
ON CONFLICT (hold_id) DO UPDATE SET released_at = excluded.released_at
"""
_CLOSE = """
UPDATE cases SET status = CASE WHEN status = 'open' THEN 'closed' ELSE status END, closed_at = t.closed_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS t (case_id, closed_at)
WHERE cases.case_id = t.case_id AND cases.closed_at IS NULL
"""
_NEWEST_OF_ACCOUNTS = """
SELECT DISTINCT ON (a.number_index) a.number_index, c.case_id
FROM accounts a JOIN cases c ON c.account_id = a.account_id
WHERE a.creditor_id = $1 AND a.number_index = ANY($2::bytea[])
ORDER BY a.number_index, (c.status = 'open') DESC, c.case_id DESC
"""
_OPEN_HOLDS = """
SELECT case_id, array_agg(DISTINCT kind ORDER BY kind) AS kinds
FROM case_holds
WHERE case_id = ANY($1::uuid[]) AND released_at IS NULL AND (until_at IS NULL OR until_at > $2)
GROUP BY case_id
"""


class CaseTable:
    def __init__(self, transaction: Transaction, tenant: UUID | None) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._tenant = tenant

    async def add_batch(self, batch: BatchRow) -> None:
        row = {
            "batch_id": batch.batch_id,
            "creditor_id": self._tenant,
            "records": batch.records,
            "received_at": self._transaction.now,
        }
        await self._connection.execute(batches.insert().values(row))

    async def close_batch(self, batch_id: UUID, *, accepted: int, rejected: int) -> None:
        statement = update(batches).where(batches.c.batch_id == batch_id)
        await self._connection.execute(statement.values(accepted=accepted, rejected=rejected))

    async def add(self, rows: Sequence[CaseRow]) -> None:
        if rows:
            same = {"creditor_id": self._tenant, "status": "open", "received_at": self._transaction.now}
            await insert_columns(self._transaction, cases, _case_columns(rows), same=same)

    async def add_rejections(self, rows: Sequence[RejectionRow]) -> None:
        if rows:
            columns: dict[str, list[Any]] = {
                "case_id": [row.case_id for row in rows],
                "batch_id": [row.batch_id for row in rows],
                "record_number": [row.record_number for row in rows],
                "reasons": [orjson.dumps(row.reasons).decode() for row in rows],
            }
            same = {"creditor_id": self._tenant, "rejected_at": self._transaction.now}
            await insert_columns(self._transaction, rejections, columns, same=same)

    async def lock(self, case_id: UUID) -> Case | None:
        statement = self._of_tenant(_CASE).where(cases.c.case_id == case_id).with_for_update(of=cases)
        row = (await self._connection.execute(statement)).one_or_none()
        return _case(row) if row else None

    async def find(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Case]:
        if not case_ids:
            return {}
        rows = await self._connection.execute(self._of_tenant(_CASE).where(cases.c.case_id.in_(case_ids)))
        return {row.case_id: _case(row) for row in rows}

    async def newest_of_accounts(self, number_indexes: Sequence[bytes]) -> Mapping[bytes, Case]:
        if not number_indexes:
            return {}
        driver = await self._transaction.driver()
        rows = await driver.fetch(_NEWEST_OF_ACCOUNTS, self._tenant, number_indexes)
        found = await self.find([row["case_id"] for row in rows])
        return {row["number_index"]: found[row["case_id"]] for row in rows}

    async def of_person(self, person_id: UUID) -> Sequence[tuple[UUID, UUID]]:
        statement = self._of_tenant(select(cases.c.case_id, cases.c.creditor_id))
        rows = await self._connection.execute(statement.where(cases.c.person_id == person_id).order_by(cases.c.case_id))
        return [(row.case_id, row.creditor_id) for row in rows]

    async def views(
        self,
        *,
        case_id: UUID | None = None,
        status: str | None = None,
        batch_id: UUID | None = None,
        after: UUID | None = None,
        limit: int = 1,
    ) -> Sequence[CaseView]:
        statement = (
            self._of_tenant(select(cases, persons.c.wrapped_key, accounts.c.number_sealed, accounts.c.product))
            .join(accounts, accounts.c.account_id == cases.c.account_id)
            .outerjoin(persons, persons.c.person_id == cases.c.person_id)
            .order_by(cases.c.case_id)
            .limit(limit)
        )
        wanted = {"case_id": case_id, "status": status, "batch_id": batch_id}
        statement = statement.where(*(cases.c[name] == value for name, value in wanted.items() if value is not None))
        if after is not None:
            statement = statement.where(cases.c.case_id > after)
        rows = (await self._connection.execute(statement)).all()
        driver = await self._transaction.driver()
        held = await driver.fetch(_OPEN_HOLDS, [row.case_id for row in rows], self._transaction.now)
        holds = {row["case_id"]: row["kinds"] for row in held}
        return [_view(row, holds.get(row.case_id, [])) for row in rows]

    async def recall(self, case_id: UUID, reason: str, at: datetime) -> None:
        statement = update(cases).where(cases.c.case_id == case_id)
        await self._connection.execute(statement.values(status="recalled", recall_reason=reason, recalled_at=at))

    async def change(self, case_id: UUID, balance: Buckets | None, days_past_due: int | None) -> None:
        changes: dict[str, Any] = {"updated_at": self._transaction.now}
        if balance is not None:
            changes["fees_minor_units"] = balance.fees_minor_units
            changes["interest_minor_units"] = balance.interest_minor_units
            changes["principal_minor_units"] = balance.principal_minor_units
        if days_past_due is not None:
            changes["days_past_due"] = days_past_due
        await self._connection.execute(update(cases).where(cases.c.case_id == case_id).values(changes))

    async def note_agreements(self, news: Sequence[AgreedPlanRow]) -> None:
        if news:
            driver = await self._transaction.driver()
            case_ids = [one.case_id for one in news]
            await driver.execute(
                _NOTE_AGREEMENTS,
                [one.plan_id for one in news],
                case_ids,
                [one.agreed_at for one in news],
                [one.withdrawn_at for one in news],
            )
            await driver.execute(_SET_AGREED, case_ids)

    async def note_plans(self, histories: Mapping[UUID, PlanHistory]) -> None:
        if histories:
            driver = await self._transaction.driver()
            plans = histories.values()
            await driver.execute(
                _NOTE_PLANS,
                list(histories),
                [plan.broken_at for plan in plans],
                [plan.completed_at for plan in plans],
            )

    async def note_holds(self, applied: Sequence[HoldRow]) -> None:
        if applied:
            driver = await self._transaction.driver()
            await driver.execute(
                _NOTE_HOLDS,
                [hold.hold_id for hold in applied],
                [hold.case_id for hold in applied],
                [hold.kind for hold in applied],
                [hold.until for hold in applied],
                [hold.applied_at for hold in applied],
            )

    async def note_releases(self, releases: Mapping[UUID, tuple[UUID, datetime]]) -> None:
        if releases:
            driver = await self._transaction.driver()
            case_ids = [case_id for case_id, _ in releases.values()]
            await driver.execute(_NOTE_RELEASES, list(releases), case_ids, [at for _, at in releases.values()])

    async def close(self, closed: Mapping[UUID, datetime]) -> None:
        if closed:
            driver = await self._transaction.driver()
            await driver.execute(_CLOSE, list(closed), list(closed.values()))

    def _of_tenant(self, statement: Select[Any]) -> Select[Any]:
        """The first wall; row-level security is the second. No tenant: a unit of work for all of them."""
        return statement if self._tenant is None else statement.where(cases.c.creditor_id == self._tenant)


_CASE = select(
    cases.c.case_id,
    cases.c.creditor_id,
    cases.c.person_id,
    cases.c.account_id,
    cases.c.currency,
    cases.c.status,
    cases.c.plan_agreed_at,
    cases.c.plan_broken_at,
    cases.c.plan_completed_at,
)


def _case(row: Row[Any]) -> Case:
    plan = PlanHistory(row.plan_agreed_at, row.plan_broken_at, row.plan_completed_at)
    return Case(row.case_id, row.creditor_id, row.person_id, row.account_id, row.currency, row.status, plan)


def _case_columns(rows: Sequence[CaseRow]) -> dict[str, list[Any]]:
    placements = [row.placement for row in rows]
    arrears = [row.verification.arrears for row in rows]
    return {
        "case_id": [row.case_id for row in rows],
        "account_id": [row.account_id for row in rows],
        "person_id": [row.person_id for row in rows],
        "batch_id": [row.batch_id for row in rows],
        "record_number": [row.record_number for row in rows],
        "jurisdiction": [p.jurisdiction for p in placements],
        "currency": [p.currency for p in placements],
        "fees_minor_units": [p.balance.fees_minor_units for p in placements],
        "interest_minor_units": [p.balance.interest_minor_units for p in placements],
        "principal_minor_units": [p.balance.principal_minor_units for p in placements],
        "arrears_minor_units": [a.minor_units for a in arrears],
        "days_past_due": [a.days_past_due for a in arrears],
        "oldest_due_on": [a.oldest_due_on for a in arrears],
        "as_of": [p.as_of for p in placements],
        "checklist": [_checklist(tuple(row.verification.checklist.items())) for row in rows],
        "provenance": [p.provenance for p in placements],
    }


@lru_cache(maxsize=1_024)
def _checklist(results: tuple[tuple[str, str], ...]) -> str:
    return orjson.dumps(dict(results)).decode()


def _view(row: Row[Any], holds: Sequence[str]) -> CaseView:
    plan = PlanHistory(row.plan_agreed_at, row.plan_broken_at, row.plan_completed_at)
    facts = {
        "account_id": str(row.account_id),
        "batch_id": str(row.batch_id),
        "record_number": row.record_number,
        "status": row.status,
        "jurisdiction": row.jurisdiction,
        "product": row.product,
        "currency": row.currency,
        "balance": {
            "fees_minor_units": row.fees_minor_units,
            "interest_minor_units": row.interest_minor_units,
            "principal_minor_units": row.principal_minor_units,
        },
        "arrears_minor_units": row.arrears_minor_units,
        "days_past_due": row.days_past_due,
        "oldest_due_on": row.oldest_due_on.isoformat(),
        "as_of": row.as_of.isoformat(),
        "checklist": row.checklist,
        "provenance": row.provenance,
        "is_plan_being_kept": plan.is_being_kept,
        "holds": list(holds),
        "received_at": row.received_at.isoformat(),
        "recalled_at": _text(row.recalled_at),
        "recall_reason": row.recall_reason,
        "closed_at": _text(row.closed_at),
    }
    return CaseView(row.case_id, row.person_id, row.wrapped_key, row.number_sealed, facts)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
