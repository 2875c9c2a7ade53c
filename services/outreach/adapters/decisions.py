"""Decisions in PostgreSQL: written once, never changed, read back byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from services.outreach.application.records import AnnouncedDenial, DecisionRow, KeptDecision
from shared.db.transaction import Transaction

_COLUMNS = (
    "decision_id",
    "case_id",
    "person_id",
    "creditor_id",
    "contact_point_id",
    "channel",
    "rung",
    "verdict",
    "until",
    "rules",
    "facts",
    "facts_hash",
    "pack_hash",
    "packs",
    "decided_at",
)
_ANNOUNCE = """
INSERT INTO announced_denials (case_id, rule, denied_on)
SELECT DISTINCT case_id, rule, denied_on FROM unnest($1::uuid[], $2::text[], $3::date[]) AS t (case_id, rule, denied_on)
ORDER BY case_id, rule, denied_on
ON CONFLICT DO NOTHING RETURNING case_id, rule, denied_on
"""
_EXPORT = """
SELECT * FROM decisions
WHERE ($1::uuid IS NULL OR decision_id > $1) AND ($2::timestamptz IS NULL OR decided_at >= $2)
ORDER BY decision_id LIMIT $3
"""


class DecisionRepository:
    """`Work.decisions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, decisions: Sequence[KeptDecision]) -> None:
        driver = await self._transaction.driver()
        await driver.copy_records_to_table(
            "decisions",
            columns=_COLUMNS,
            records=[
                (
                    entry.decision_id,
                    entry.case_id,
                    entry.person_id,
                    entry.creditor_id,
                    entry.contact_point_id,
                    entry.channel,
                    entry.rung,
                    entry.decision.verdict,
                    entry.decision.until,
                    _rules(entry),
                    entry.decision.facts_text,
                    entry.decision.facts_hash,
                    entry.decision.pack_hash,
                    list(entry.decision.packs),
                    entry.decided_at,
                )
                for entry in decisions
            ],
        )

    async def announce_once(self, denials: Sequence[AnnouncedDenial]) -> set[AnnouncedDenial]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            _ANNOUNCE,
            [entry.case_id for entry in denials],
            [entry.rule for entry in denials],
            [entry.denied_on for entry in denials],
        )
        return {AnnouncedDenial(row["case_id"], row["rule"], row["denied_on"]) for row in rows}

    async def export(self, after: UUID | None, since: datetime | None, limit: int) -> list[DecisionRow]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_EXPORT, after, since, limit)
        return [{**dict(row), "rules": orjson.loads(row["rules"])} for row in rows]


def _rules(entry: KeptDecision) -> str:
    if not entry.decision.rules:
        return "[]"
    return orjson.dumps(
        [
            {"rule": rule.rule, "clause": rule.clause, "strength": rule.strength, "verdict": rule.verdict}
            for rule in entry.decision.rules
        ]
    ).decode()
