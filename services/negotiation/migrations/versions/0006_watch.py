"""Early signs, promises, runs of the playbook, decisions about further plans, cures under watch.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "case_watches",
    "slippage_signals",
    "promises",
    "playbook_runs",
    "replan_decisions",
    "cure_watches",
)


def upgrade() -> None:
    _create_tables()
    for table in TABLES:
        _keep_tenants_apart(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _keep_tenants_apart(table: str) -> None:
    """The API's role sees one tenant or one case, or, for the staff's queues, the rows of this topic."""
    seen = (
        "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
        " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
        " OR current_setting('app.staff', true) = 'on'"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({seen}) WITH CHECK ({seen})")
    op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")


def _create_tables() -> None:
    op.create_table(
        "case_watches",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_watches"),
    )
    op.create_index("ix_case_watches_look_at", "case_watches", ["look_at"])
    op.create_table(
        "slippage_signals",
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("sign", sa.Text, nullable=False),
        sa.Column("instalment_number", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("slipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "sign", "instalment_number", name="pk_slippage_signals"),
    )
    op.create_index("ix_slippage_signals_case_id", "slippage_signals", ["case_id"])
    op.create_table(
        "promises",
        sa.Column("reply_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("promised_on", sa.Date, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reply_id", name="pk_promises"),
    )
    op.create_index("ix_promises_case_id", "promises", ["case_id"])
    op.create_table(
        "playbook_runs",
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reassess_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_awaited", sa.Boolean, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("run_id", name="pk_playbook_runs"),
    )
    op.create_index(
        "ix_playbook_runs_awaited", "playbook_runs", ["reassess_by"], postgresql_where=sa.text("is_awaited")
    )
    op.create_index("ix_playbook_runs_plan_id", "playbook_runs", ["plan_id"])
    op.create_index(
        "uq_playbook_runs_running",
        "playbook_runs",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_by IS NULL"),
    )
    op.create_table(
        "replan_decisions",
        sa.Column("decision_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("reached", sa.Text, nullable=False),
        sa.Column("plans", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Text),
        sa.Column("reasons", JSON, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_replan_decisions"),
    )
    op.create_index(
        "ix_replan_decisions_queue",
        "replan_decisions",
        ["opened_at", "decision_id"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_replan_decisions_open",
        "replan_decisions",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "cure_watches",
        sa.Column("watch_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("cure", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("treatment", sa.Text, nullable=False),
        sa.Column("cured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cured_on", sa.Date, nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("outcome_at", sa.DateTime(timezone=True)),
        sa.Column("within_months", sa.Integer),
        sa.PrimaryKeyConstraint("watch_id", name="pk_cure_watches"),
    )
    op.create_index("ix_cure_watches_cured_on", "cure_watches", ["cured_on"])
    op.create_index("ix_cure_watches_ends_at", "cure_watches", ["ends_at"], postgresql_where=sa.text("outcome IS NULL"))
    op.create_index(
        "ix_cure_watches_person_id", "cure_watches", ["person_id"], postgresql_where=sa.text("outcome IS NULL")
    )
    op.create_index(
        "uq_cure_watches_open", "cure_watches", ["case_id"], unique=True, postgresql_where=sa.text("outcome IS NULL")
    )
