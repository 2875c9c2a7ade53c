"""The plumbing, the files on cases, and what was assessed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.outbox.tables import create_plumbing_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_plumbing_tables(op)
    op.create_table(
        "case_files",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("latest_sha256", sa.Text),
        sa.Column("announced_key", sa.Text),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_files"),
    )
    # A file is rewritten with every fact: room on the page keeps the update from touching the index (HOT).
    op.execute("ALTER TABLE case_files SET (fillfactor = 70)")
    op.create_table(
        "assessments",
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("model_sha256", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("is_announced", sa.Boolean, nullable=False),
        sa.Column("ability", sa.SmallInteger, nullable=False),
        sa.Column("willingness", sa.SmallInteger, nullable=False),
        sa.Column("risk_grade", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("strategy", sa.Text, nullable=False),
        sa.Column("arrears_cause", sa.Text, nullable=False),
        sa.Column("is_vulnerable", sa.Boolean, nullable=False),
        sa.Column("affordable_monthly_minor_units", sa.BigInteger),
        sa.Column("reason_codes", ARRAY(sa.Text), nullable=False),
        sa.Column("points", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name="pk_assessments"),
        sa.ForeignKeyConstraint(["case_id"], ["case_files.case_id"], name="fk_assessments_case_id_case_files"),
    )
    op.create_index("ix_assessments_case_id", "assessments", ["case_id", "assessment_id"])
