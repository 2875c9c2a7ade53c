"""Mandate versions and approvals over PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from services.negotiation.adapters import approval_tables, mandate_rows
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.approval_ports import FiledVersion, Filter, Recheck
from services.negotiation.domain.approvals import AlreadyAsked, Approval
from services.negotiation.domain.mandates.version import MandateVersion
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

VERSIONS_MAX = 2_000
"""Approved versions read for one batch: a batch has some lenders, and a lender some dozen versions."""


class SqlMandates:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, filed: FiledVersion) -> None:
        row = mandate_rows.version_row(filed)
        await insert_rows(self._driver, approval_tables.mandate_versions, mandate_rows.VERSION_COLUMNS, [row])

    async def for_change(self, version_id: UUID) -> FiledVersion:
        return await self._one("SELECT * FROM mandate_versions WHERE version_id = $1 FOR UPDATE", version_id)

    async def read(self, version_id: UUID) -> FiledVersion:
        return await self._one("SELECT * FROM mandate_versions WHERE version_id = $1", version_id)

    async def save(self, filed: FiledVersion) -> None:
        row = (filed.version.version_id, *mandate_rows.version_state(filed))
        table = approval_tables.mandate_versions
        await update_rows(self._driver, table, ("version_id",), mandate_rows.VERSION_STATE, [row])

    async def page(self, wanted: Filter) -> list[FiledVersion]:
        found = await self._driver.fetch(
            "SELECT * FROM mandate_versions WHERE ($1::uuid IS NULL OR creditor_id = $1) "
            "AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR product = $3) "
            "AND ($4::uuid IS NULL OR version_id > $4) ORDER BY version_id LIMIT $5",
            wanted.creditor_id,
            wanted.status,
            wanted.product,
            wanted.after,
            wanted.limit,
        )
        return [mandate_rows.filed_from(row) for row in found]

    async def next_number(self, creditor_id: UUID) -> int:
        await self._driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"mandates:{creditor_id}")
        number: int = await self._driver.fetchval(
            "SELECT coalesce(max(number), 0) + 1 FROM mandate_versions WHERE creditor_id = $1", creditor_id
        )
        return number

    async def approved(self, creditor_ids: Collection[UUID]) -> Mapping[UUID, Sequence[MandateVersion]]:
        found = await self._driver.fetch(
            "SELECT * FROM mandate_versions WHERE creditor_id = ANY($1::uuid[]) AND status = 'approved' LIMIT $2",
            list(creditor_ids),
            VERSIONS_MAX,
        )
        versions: dict[UUID, list[MandateVersion]] = defaultdict(list)
        for row in found:
            versions[row["creditor_id"]].append(mandate_rows.version_from(row))
        return dict(versions)

    async def plan_rechecks(self, rechecks: Sequence[Recheck]) -> None:
        values = [(r.version_id, r.due_on, r.creditor_id, r.after_case_id) for r in rechecks]
        columns = ("version_id", "due_on", "creditor_id", "after_case_id")
        # Asked for again on the same day: it begins anew.
        clause = "ON CONFLICT (version_id, due_on) DO UPDATE SET after_case_id = excluded.after_case_id"
        table = approval_tables.mandate_rechecks
        await insert_rows(self._driver, table, columns, values, on_conflict=clause)

    async def take_recheck(self, today: date) -> Recheck | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM mandate_rechecks WHERE due_on <= $1 ORDER BY due_on, version_id LIMIT 1 "
            "FOR UPDATE SKIP LOCKED",
            today,
        )
        if row is None:
            return None
        return Recheck(row["version_id"], row["creditor_id"], row["due_on"], row["after_case_id"])

    async def keep_recheck(self, recheck: Recheck, *, is_done: bool) -> None:
        key = (recheck.version_id, recheck.due_on)
        if is_done:
            await self._driver.execute("DELETE FROM mandate_rechecks WHERE version_id = $1 AND due_on = $2", *key)
        else:
            await self._driver.execute(
                "UPDATE mandate_rechecks SET after_case_id = $3 WHERE version_id = $1 AND due_on = $2",
                *key,
                recheck.after_case_id,
            )

    async def open_cases(self, creditor_id: UUID, after: UUID, limit: int) -> list[UUID]:
        found = await self._driver.fetch(
            "SELECT case_id FROM cases WHERE creditor_id = $1 AND case_id > $2 AND closed IS NULL "
            "ORDER BY case_id LIMIT $3",
            creditor_id,
            after,
            limit,
        )
        return [row["case_id"] for row in found]

    async def _one(self, query: str, version_id: UUID) -> FiledVersion:
        row = await self._driver.fetchrow(query, version_id)
        if row is None:
            raise NoSuchThing("mandate")
        return mandate_rows.filed_from(row)


class SqlApprovals:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, approval: Approval) -> None:
        row = mandate_rows.approval_row(approval)
        try:
            await insert_rows(self._driver, approval_tables.approvals, mandate_rows.APPROVAL_COLUMNS, [row])
        except asyncpg.UniqueViolationError:
            raise AlreadyAsked from None

    async def for_change(self, approval_id: UUID) -> Approval:
        return await self._one("SELECT * FROM approvals WHERE approval_id = $1 FOR UPDATE", approval_id)

    async def read(self, approval_id: UUID) -> Approval:
        return await self._one("SELECT * FROM approvals WHERE approval_id = $1", approval_id)

    async def save(self, approvals: Sequence[Approval]) -> None:
        values = [(a.approval_id, *mandate_rows.approval_state(a)) for a in approvals]
        table = approval_tables.approvals
        await update_rows(self._driver, table, ("approval_id",), mandate_rows.APPROVAL_STATE, values)

    async def page(self, wanted: Filter) -> list[Approval]:
        found = await self._driver.fetch(
            "SELECT * FROM approvals WHERE ($1::uuid IS NULL OR creditor_id = $1) "
            "AND ($2::uuid IS NULL OR case_id = $2) AND ($3::text IS NULL OR status = $3) "
            "AND ($4::text IS NULL OR kind = $4) AND ($5::uuid IS NULL OR approval_id > $5) "
            "ORDER BY approval_id LIMIT $6",
            wanted.creditor_id,
            wanted.case_id,
            wanted.status,
            wanted.kind,
            wanted.after,
            wanted.limit,
        )
        return [mandate_rows.approval_from(row) for row in found]

    async def newest_of(self, kind: str, subject_id: UUID) -> Approval | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM approvals WHERE kind = $1 AND subject_id = $2 ORDER BY approval_id DESC LIMIT 1",
            kind,
            subject_id,
        )
        return mandate_rows.approval_from(row) if row is not None else None

    async def lock_expired(self, now: datetime, limit: int) -> list[Approval]:
        found = await self._driver.fetch(
            "SELECT * FROM approvals WHERE status = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2 "
            "FOR UPDATE SKIP LOCKED",
            now,
            limit,
        )
        return [mandate_rows.approval_from(row) for row in found]

    async def _one(self, query: str, approval_id: UUID) -> Approval:
        row: Any = await self._driver.fetchrow(query, approval_id)
        if row is None:
            raise NoSuchThing("approval")
        return mandate_rows.approval_from(row)
