"""The chains of decisions in PostgreSQL, read in pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import orjson

from services.outreach.adapters.decisions import exported
from services.outreach.application.proof_ports import ChainSection, Scope
from services.outreach.application.records import DecisionRow
from services.outreach.domain.gate.chain import BEFORE_THE_FIRST, ChainLink
from shared.db.transaction import Transaction

_COUNT = """
SELECT count(*) FROM decisions
WHERE ($1::uuid IS NULL OR case_id = $1) AND ($2::timestamptz IS NULL OR decided_at >= $2)
"""
_SECTIONS = """
SELECT h.case_id, h.position, h.chain_hash, b.position AS position_before, b.chain_hash AS hash_before
FROM decision_heads h
JOIN LATERAL (
    SELECT d.position AS first FROM decisions d
    WHERE d.case_id = h.case_id AND ($2::timestamptz IS NULL OR d.decided_at >= $2)
    ORDER BY d.position LIMIT 1) f ON true
LEFT JOIN decisions b ON b.case_id = h.case_id AND b.position = f.first - 1
WHERE ($1::uuid IS NULL OR h.case_id = $1) AND ($3::uuid IS NULL OR h.case_id > $3)
ORDER BY h.case_id LIMIT $4
"""
_DECISIONS = """
SELECT d.* FROM unnest($1::uuid[], $2::int[], $3::int[]) AS t (case_id, before, last)
JOIN decisions d ON d.case_id = t.case_id AND d.position > t.before AND d.position <= t.last
WHERE $4::uuid IS NULL OR (d.case_id, d.position) > ($4, $5::int)
ORDER BY d.case_id, d.position LIMIT $6
"""


class ChainRepository:
    """`Work.chains`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def count(self, scope: Scope) -> int:
        driver = await self._transaction.driver()
        return int(await driver.fetchval(_COUNT, scope.case_id, scope.since))

    async def sections(self, scope: Scope, after: UUID | None, limit: int) -> list[ChainSection]:
        driver = await self._transaction.driver()
        return [
            ChainSection(
                case_id=row["case_id"],
                before=ChainLink(row["position_before"], row["hash_before"])
                if row["position_before"] is not None
                else BEFORE_THE_FIRST,
                head=ChainLink(row["position"], row["chain_hash"]),
            )
            for row in await driver.fetch(_SECTIONS, scope.case_id, scope.since, after, limit)
        ]

    async def decisions(
        self, sections: Sequence[ChainSection], after: tuple[UUID, int] | None, limit: int
    ) -> list[DecisionRow]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            _DECISIONS,
            [section.case_id for section in sections],
            [section.before.position for section in sections],
            [section.head.position for section in sections],
            *(after or (None, None)),
            limit,
        )
        return [exported(row) for row in rows]

    async def pack_sets(self, hashes: Collection[str]) -> dict[str, dict[str, str]]:
        driver = await self._transaction.driver()
        rows = await driver.fetch("SELECT hash, packs FROM pack_sets WHERE hash = ANY($1::text[])", list(hashes))
        return {row["hash"]: orjson.loads(row["packs"]) for row in rows}

    async def pack_documents(self, hashes: Collection[str]) -> dict[str, str]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT hash, document FROM pack_documents WHERE hash = ANY($1::text[])", list(hashes)
        )
        return {row["hash"]: row["document"] for row in rows}
