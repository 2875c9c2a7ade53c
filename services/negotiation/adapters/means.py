"""Statements of means and sets of offers over PostgreSQL, and the guide figures of an installation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import means_tables
from services.negotiation.adapters.arrays import insert_rows
from services.negotiation.application.means_ports import FiledStatement, OfferSet
from services.negotiation.domain.affordability.guide import Guides, parse_guides
from services.negotiation.domain.affordability.means import AboveGuide, Means
from services.negotiation.domain.affordability.statement import Evidence, Household, Line, Statement

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

SHIPPED_GUIDES = Path(__file__).parent / "guide_figures.json"
STATEMENT_COLUMNS = (
    "statement_id",
    "case_id",
    "creditor_id",
    "made_by",
    "made_at",
    "stated_on",
    "valid_until",
    "affordable_minor_units",
    "statement",
    "means",
)
SET_COLUMNS = ("set_id", "case_id", "creditor_id", "made_at", "engine", "facts", "facts_hash", "offers_hash")


def load_guides(file: Path | None = None) -> Guides:
    """The installation's own guide figures, or the shipped ones. Raises ValueError where the file is none."""
    document = orjson.loads((file or SHIPPED_GUIDES).read_bytes())
    try:
        return parse_guides(document)
    except (KeyError, TypeError) as error:
        raise ValueError(f"these guide figures are not complete: {error}") from error


class SqlStatements:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, filed: FiledStatement) -> None:
        row = (
            filed.statement_id,
            filed.case_id,
            filed.creditor_id,
            filed.made_by,
            filed.made_at,
            filed.statement.stated_on,
            filed.means.valid_until,
            filed.means.affordable,
            _json(asdict(filed.statement)),
            _json(asdict(filed.means)),
        )
        await insert_rows(self._driver, means_tables.statements_of_means, STATEMENT_COLUMNS, [row])

    async def newest(self, case_id: UUID) -> FiledStatement | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM statements_of_means WHERE case_id = $1 "
            "ORDER BY stated_on DESC, made_at DESC, statement_id DESC LIMIT 1",
            case_id,
        )
        return _filed(row) if row is not None else None

    async def count(self, case_id: UUID) -> int:
        found: int = await self._driver.fetchval("SELECT count(*) FROM statements_of_means WHERE case_id = $1", case_id)
        return found

    async def forget(self, case_ids: Collection[UUID]) -> None:
        if case_ids:
            await self._driver.execute(
                "DELETE FROM statements_of_means WHERE case_id = ANY($1::uuid[])", list(case_ids)
            )


class SqlOfferSets:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, sets: Sequence[OfferSet]) -> None:
        rows = [
            (s.set_id, s.case_id, s.creditor_id, s.made_at, s.engine, _json(s.facts), s.facts_hash, s.offers_hash)
            for s in sets
        ]
        await insert_rows(self._driver, means_tables.offer_sets, SET_COLUMNS, rows)

    async def page(self, after: UUID | None, limit: int) -> list[OfferSet]:
        found = await self._driver.fetch(
            "SELECT * FROM offer_sets WHERE $1::uuid IS NULL OR set_id > $1 ORDER BY set_id LIMIT $2", after, limit
        )
        return [OfferSet(**{name: row[name] for name in SET_COLUMNS}) for row in found]

    async def contradictions(self, limit: int) -> list[tuple[str, str]]:
        found = await self._driver.fetch(
            "SELECT engine, facts_hash FROM offer_sets GROUP BY engine, facts_hash "
            "HAVING count(DISTINCT offers_hash) > 1 LIMIT $1",
            limit,
        )
        return [(row["engine"], row["facts_hash"]) for row in found]


def _filed(row: Mapping[str, Any]) -> FiledStatement:
    stated, means = row["statement"], row["means"]
    return FiledStatement(
        statement_id=row["statement_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        statement=Statement(
            **{
                **stated,
                "stated_on": date.fromisoformat(stated["stated_on"]),
                "household": Household(**stated["household"]),
                "lines": tuple(Line(**line) for line in stated["lines"]),
                "other_debts": tuple(stated["other_debts"]),
                "evidence": tuple(Evidence(e["kind"], UUID(e["file_id"])) for e in stated["evidence"]),
            }
        ),
        means=Means(
            **{
                **means,
                "valid_until": date.fromisoformat(means["valid_until"]),
                "above_guide": tuple(AboveGuide(**each) for each in means["above_guide"]),
                "reasons": tuple(means["reasons"]),
            }
        ),
    )


def _json(value: Any) -> str:
    # The driver's identifiers are a subclass of UUID, which orjson leaves to `default`.
    return orjson.dumps(value, default=str).decode()
