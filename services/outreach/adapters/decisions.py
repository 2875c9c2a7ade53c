"""Decisions in PostgreSQL: chained within their case, written once, never changed, read back byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.outreach.application.records import AnnouncedDenial, DecisionRow, KeptDecision
from services.outreach.domain.gate.canonical import Document, canonical
from services.outreach.domain.gate.chain import BEFORE_THE_FIRST, ChainLink, chained, spoken
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
    "notes",
    "facts",
    "facts_hash",
    "pack_hash",
    "pack_set_hash",
    "packs",
    "decided_at",
    "position",
    "chain_hash",
)
_HEADS = "SELECT case_id, position, chain_hash FROM decision_heads WHERE case_id = ANY($1::uuid[])"
_SET_HEADS = """
INSERT INTO decision_heads AS h (case_id, position, chain_hash)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[]) AS t (case_id, position, chain_hash) ORDER BY case_id
ON CONFLICT (case_id) DO UPDATE SET position = excluded.position, chain_hash = excluded.chain_hash
"""
_KEEP_SET = "INSERT INTO pack_sets (hash, packs) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING hash"
_KEEP_DOCUMENTS = """
INSERT INTO pack_documents (hash, label, document)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS t (hash, label, document) ORDER BY hash
ON CONFLICT DO NOTHING
"""
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

    async def add(self, decisions: Sequence[KeptDecision]) -> dict[UUID, ChainLink]:
        if not decisions:
            return {}
        driver = await self._transaction.driver()
        await self._keep_packs(decisions)
        wanted = list({entry.case_id for entry in decisions})
        heads = {
            row["case_id"]: ChainLink(row["position"], row["chain_hash"]) for row in await driver.fetch(_HEADS, wanted)
        }
        rows, links = [], {}
        for entry in decisions:
            before = heads.get(entry.case_id, BEFORE_THE_FIRST)
            record = record_of(entry, before.position + 1)
            link = ChainLink(before.position + 1, chained(before.chain_hash, record))
            heads[entry.case_id] = links[entry.decision_id] = link
            rows.append(_row(entry, record, link))
        await driver.copy_records_to_table("decisions", columns=_COLUMNS, records=rows)
        await driver.execute(
            _SET_HEADS,
            list(heads),
            [link.position for link in heads.values()],
            [link.chain_hash for link in heads.values()],
        )
        return links

    async def _keep_packs(self, decisions: Sequence[KeptDecision]) -> None:
        """The documents that were loaded when the question was put, once for as long as they stay the same."""
        driver = await self._transaction.driver()
        for loaded in {entry.decision.loaded.hash: entry.decision.loaded for entry in decisions}.values():
            if await driver.fetchval(_KEEP_SET, loaded.hash, canonical(dict(loaded.hashes))) is not None:
                packs = list(loaded)
                columns = [pack.hash for pack in packs], [pack.label for pack in packs], [pack.text for pack in packs]
                await driver.execute(_KEEP_DOCUMENTS, *columns)

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
        return [exported(row) for row in await driver.fetch(_EXPORT, after, since, limit)]


def exported(row: Mapping[str, Any]) -> DecisionRow:
    """A stored decision as the document that its `chain_hash` speaks of, with the facts and that hash."""
    return {name: _plain(row[name]) for name in _COLUMNS} | {
        "rules": orjson.loads(row["rules"]),
        "notes": orjson.loads(row["notes"]),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def record_of(entry: KeptDecision, position: int) -> Document:
    """What the chain binds: the decision with everything but the facts, which it names by their hash."""
    decision = entry.decision
    return {
        "decision_id": str(entry.decision_id),
        "case_id": str(entry.case_id),
        "person_id": str(entry.person_id),
        "creditor_id": str(entry.creditor_id),
        "contact_point_id": str(entry.contact_point_id) if entry.contact_point_id is not None else None,
        "channel": entry.channel,
        "rung": entry.rung,
        "verdict": decision.verdict,
        "until": decision.until.isoformat() if decision.until is not None else None,
        "rules": spoken(decision.rules),
        "notes": spoken(decision.notes),
        "facts_hash": decision.facts_hash,
        "pack_hash": decision.pack_hash,
        "pack_set_hash": decision.loaded.hash,
        "packs": list(decision.packs),
        "decided_at": entry.decided_at.isoformat(),
        "position": position,
    }


def _row(entry: KeptDecision, record: Document, link: ChainLink) -> tuple[Any, ...]:
    decision = entry.decision
    return (
        entry.decision_id,
        entry.case_id,
        entry.person_id,
        entry.creditor_id,
        entry.contact_point_id,
        entry.channel,
        entry.rung,
        decision.verdict,
        decision.until,
        canonical(record["rules"]),
        canonical(record["notes"]),
        decision.facts_text,
        decision.facts_hash,
        decision.pack_hash,
        decision.loaded.hash,
        list(decision.packs),
        entry.decided_at,
        link.position,
        link.chain_hash,
    )
