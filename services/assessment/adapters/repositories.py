"""Rows to files and assessments and back, many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, select

from services.assessment.adapters.tables import assessments, case_files
from services.assessment.application.ports import KeptAssessment
from services.assessment.domain.assessment import Assessment
from services.assessment.domain.case_facts import CaseFacts
from services.assessment.domain.case_file import CaseFile
from services.assessment.domain.plan_news import PlanNews
from services.assessment.domain.scorecard import Points
from shared.db.bulk import copy_rows
from shared.db.transaction import Transaction

# Locked in the order of the key, so that a release from quarantine and the subscriber cannot wait for each other.
_LOAD = """
SELECT case_id, creditor_id, status, facts::text AS facts, latest_sha256, announced_key
FROM case_files WHERE case_id = ANY($1::uuid[]) ORDER BY case_id FOR UPDATE
"""
_SAVE = """
INSERT INTO case_files (case_id, creditor_id, status, facts, latest_sha256, announced_key, opened_at, changed_at)
SELECT case_id, creditor_id, status, facts::jsonb, latest_sha256, announced_key, $7, $7
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
  AS t (case_id, creditor_id, status, facts, latest_sha256, announced_key) ORDER BY case_id
ON CONFLICT (case_id) DO UPDATE SET status = excluded.status, facts = excluded.facts,
  latest_sha256 = excluded.latest_sha256, announced_key = excluded.announced_key, changed_at = excluded.changed_at
"""
_COLUMNS = tuple(column.name for column in assessments.columns)


class CaseFileRepository:
    """Files on cases in PostgreSQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def load(self, case_ids: Collection[UUID]) -> dict[UUID, CaseFile]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_LOAD, list(case_ids))
        return {row["case_id"]: _file_from_row(row) for row in rows}

    async def save(self, files: Sequence[CaseFile]) -> None:
        if not files:
            return
        driver = await self._transaction.driver()
        await driver.execute(
            _SAVE,
            [file.case_id for file in files],
            [file.creditor_id for file in files],
            [file.status for file in files],
            [orjson.dumps(file.facts).decode() for file in files],
            [file.latest_sha256 for file in files],
            [file.announced_key for file in files],
            self._transaction.now,
        )

    async def find(self, case_id: UUID) -> CaseFile | None:
        statement = select(case_files).where(case_files.c.case_id == case_id)
        row = (await self._transaction.connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _file_from_row({**row, "facts": orjson.dumps(row["facts"])})


class AssessmentRepository:
    """Kept assessments in PostgreSQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, kept: Sequence[KeptAssessment]) -> None:
        if kept:
            await copy_rows(self._transaction, assessments, _COLUMNS, [_row(one) for one in kept])

    async def newest(self, case_id: UUID, limit: int) -> list[KeptAssessment]:
        statement = (
            select(assessments)
            .where(assessments.c.case_id == case_id)
            .order_by(assessments.c.assessment_id.desc())
            .limit(limit)
        )
        rows = (await self._transaction.connection.execute(statement)).mappings()
        return [_kept_from_row(row) for row in rows]

    async def forget(self, case_ids: Sequence[UUID]) -> None:
        statement = delete(assessments).where(assessments.c.case_id.in_(case_ids))
        await self._transaction.connection.execute(statement)


def _file_from_row(row: Mapping[str, Any]) -> CaseFile:
    facts = orjson.loads(row["facts"])
    facts["past_due_since"] = date.fromisoformat(facts["past_due_since"])
    # A file that was kept before these facts were known of lacks them.
    facts["plans"] = tuple(PlanNews(**plan) for plan in facts.get("plans", ()))
    facts["early_signs"] = tuple(facts.get("early_signs", ()))
    return CaseFile(
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        facts=CaseFacts(**facts),
        status=row["status"],
        latest_sha256=row["latest_sha256"],
        announced_key=row["announced_key"],
    )


def _row(kept: KeptAssessment) -> tuple[Any, ...]:
    """In the order of the table's columns."""
    result = kept.assessment
    return (
        kept.assessment_id,
        kept.case_id,
        kept.assessed_at,
        kept.trigger,
        kept.model,
        kept.model_sha256,
        kept.sha256,
        kept.is_announced,
        result.ability,
        result.willingness,
        result.risk_grade,
        result.stage,
        result.segment,
        result.strategy,
        result.arrears_cause,
        result.is_vulnerable,
        result.affordable_monthly_minor_units,
        list(result.reason_codes),
        orjson.dumps(result.points).decode(),
    )


def _kept_from_row(row: Mapping[Any, Any]) -> KeptAssessment:
    return KeptAssessment(
        assessment_id=row["assessment_id"],
        case_id=row["case_id"],
        assessed_at=row["assessed_at"],
        trigger=row["trigger"],
        model=row["model"],
        model_sha256=row["model_sha256"],
        sha256=row["sha256"],
        is_announced=row["is_announced"],
        assessment=Assessment(
            ability=row["ability"],
            willingness=row["willingness"],
            risk_grade=row["risk_grade"],
            stage=row["stage"],
            segment=row["segment"],
            strategy=row["strategy"],
            arrears_cause=row["arrears_cause"],
            is_vulnerable=row["is_vulnerable"],
            affordable_monthly_minor_units=row["affordable_monthly_minor_units"],
            reason_codes=tuple(row["reason_codes"]),
            points=tuple(Points(**entry) for entry in row["points"]),
        ),
    )
