"""Statements of income and spending, the means they leave, and the facts that each set of offers followed from.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("statements_of_means", "offer_sets")
SEEN = (
    "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("means", JSON))
    op.create_table(
        "statements_of_means",
        sa.Column("statement_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("affordable_minor_units", sa.BigInteger, nullable=False),
        sa.Column("statement", JSON, nullable=False),
        sa.Column("means", JSON, nullable=False),
        sa.CheckConstraint(
            "affordable_minor_units >= 0 AND valid_until > stated_on", name="ck_statements_of_means_in_order"
        ),
        sa.PrimaryKeyConstraint("statement_id", name="pk_statements_of_means"),
    )
    op.create_index("ix_statements_of_means_case_id", "statements_of_means", ["case_id", "stated_on"])
    op.create_table(
        "offer_sets",
        sa.Column("set_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("facts_hash", sa.Text, nullable=False),
        sa.Column("offers_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("set_id", name="pk_offer_sets"),
    )
    op.create_index("ix_offer_sets_case_id", "offer_sets", ["case_id"])
    op.create_index("ix_offer_sets_facts", "offer_sets", ["facts_hash"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({SEEN}) WITH CHECK ({SEEN})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")
    # A statement is never changed: the newest counts. Only an erasure deletes, and that is the worker's.
    op.execute("REVOKE UPDATE, TRUNCATE ON statements_of_means FROM concord_api, concord_worker")
    op.execute("REVOKE DELETE ON statements_of_means FROM concord_api")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON offer_sets FROM concord_api, concord_worker")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("cases", "means")
