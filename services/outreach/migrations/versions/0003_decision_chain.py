"""Decisions are chained within their case, and the packs that they were made by are kept with them."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.outreach.domain.gate.chain import GENESIS, chained

revision = "0003"
down_revision = "0002"

ROWS_AT_ONCE = 1_000
_BEFORE = """
SELECT decision_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, verdict, until, rules, facts_hash,
       pack_hash, packs, decided_at FROM decisions
WHERE (case_id, decision_id) > (:case_id, :decision_id) ORDER BY case_id, decision_id LIMIT :rows
"""
_CHAIN = """
UPDATE decisions SET position = :position, chain_hash = :chain_hash, pack_set_hash = pack_hash
WHERE decision_id = :decision_id
"""
_HEADS = """
INSERT INTO decision_heads (case_id, position, chain_hash)
SELECT DISTINCT ON (case_id) case_id, position, chain_hash FROM decisions ORDER BY case_id, position DESC
"""


def upgrade() -> None:
    for name, kind in (("pack_set_hash", sa.Text()), ("position", sa.Integer()), ("chain_hash", sa.Text())):
        op.add_column("decisions", sa.Column(name, kind, nullable=True))
    op.add_column("decisions", sa.Column("notes", sa.Text(), server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        "decision_heads",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_decision_heads"),
    )
    op.create_table(
        "pack_documents",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_pack_documents"),
    )
    op.create_table(
        "pack_sets",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("packs", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_pack_sets"),
    )
    _chain_what_is_there()
    for name in ("pack_set_hash", "position", "chain_hash"):
        op.alter_column("decisions", name, nullable=False)
    op.create_index("ix_decisions_chain", "decisions", ["case_id", "position"], unique=True)
    op.drop_index("ix_decisions_case_id", "decisions")
    op.execute("REVOKE UPDATE, DELETE ON pack_documents, pack_sets FROM concord_api, concord_worker")
    op.execute("ALTER TABLE decision_heads SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)")


def _chain_what_is_there() -> None:
    """Decisions from before have no packs kept; from now on at least their order and content are bound."""
    connection = op.get_bind()
    last = {"case_id": "00000000-0000-0000-0000-000000000000", "decision_id": "00000000-0000-0000-0000-000000000000"}
    position, chain_hash = 0, GENESIS
    while rows := connection.execute(sa.text(_BEFORE), {**last, "rows": ROWS_AT_ONCE}).mappings().all():
        changes = []
        for row in rows:
            if str(row["case_id"]) != last["case_id"]:
                position, chain_hash = 0, GENESIS
            position += 1
            chain_hash = chained(chain_hash, _record(row, position))
            last = {"case_id": str(row["case_id"]), "decision_id": str(row["decision_id"])}
            changes.append({"decision_id": row["decision_id"], "position": position, "chain_hash": chain_hash})
        connection.execute(sa.text(_CHAIN), changes)
    connection.execute(sa.text(_HEADS))


def _record(row: Any, position: int) -> dict[str, Any]:
    record = {
        name: str(row[name]) if row[name] is not None else None
        for name in ("decision_id", "case_id", "person_id", "creditor_id", "contact_point_id")
    }
    return {
        **record,
        "channel": row["channel"],
        "rung": row["rung"],
        "verdict": row["verdict"],
        "until": row["until"].isoformat() if row["until"] is not None else None,
        "rules": json.loads(row["rules"]),
        "notes": [],
        "facts_hash": row["facts_hash"],
        "pack_hash": row["pack_hash"],
        "pack_set_hash": row["pack_hash"],
        "packs": list(row["packs"]),
        "decided_at": row["decided_at"].isoformat(),
        "position": position,
    }
