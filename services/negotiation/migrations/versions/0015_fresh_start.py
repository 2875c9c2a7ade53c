"""Fresh starts: corrections of credit records, calm questions, and which clearances were followed up.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SEEN = (
    "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
    " OR current_setting('app.staff', true) = 'on'"
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "corrections",
        sa.Column("correction_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("waived_minor_units", sa.BigInteger, nullable=False),
        sa.Column("cleared_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("due_at", moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", moment),
        sa.Column("answer_due_at", moment),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", moment),
        sa.PrimaryKeyConstraint("correction_id", name="pk_corrections"),
        sa.UniqueConstraint("case_id", name="uq_corrections_case_id"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_corrections_due", "corrections", ["state", "due_at"], postgresql_where=due)
    op.create_index("ix_corrections_state", "corrections", ["state", "requested_at"])
    op.create_table(
        "check_ins",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answered_at", moment),
        sa.PrimaryKeyConstraint("case_id", "days", name="pk_check_ins"),
    )
    op.create_index("ix_check_ins_due", "check_ins", ["due_on"], postgresql_where=sa.text("state = 'open'"))
    op.add_column("clearances", sa.Column("is_followed", sa.Boolean, nullable=False, server_default=sa.text("false")))
    waiting = sa.text("NOT is_followed AND withdrawn_at IS NULL")
    op.create_index("ix_clearances_waiting", "clearances", ["cleared_at"], postgresql_where=waiting)
    for table in ("corrections", "check_ins"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({SEEN}) WITH CHECK ({SEEN})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM concord_api, concord_worker")
