"""Requests for relief, what happened to them, sealed files of evidence and who opened them.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = "state IN ('requested', 'needs_evidence', 'with_lender', 'granted')"
TABLES = (
    "reliefs",
    "relief_steps",
    "evidence_files",
    "evidence_openings",
)


def upgrade() -> None:
    _create_tables()
    for table in TABLES:
        _keep_tenants_apart(table)
    # Who opened a file, and what happened to a request, is never changed; a file may be deleted, not rewritten.
    for table in ("relief_steps", "evidence_openings"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM concord_api, concord_worker")


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
        "reliefs",
        sa.Column("relief_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("is_review_due", sa.Boolean, nullable=False),
        sa.Column("is_overdue", sa.Boolean, nullable=False),
        sa.Column("until_on", sa.Date),
        sa.Column("content", JSON, nullable=False),
        sa.PrimaryKeyConstraint("relief_id", name="pk_reliefs"),
    )
    op.create_index("ix_reliefs_case_id", "reliefs", ["case_id"])
    op.create_index("ix_reliefs_due_at", "reliefs", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("ix_reliefs_queue", "reliefs", ["state", "requested_at", "relief_id"])
    op.create_index(
        "uq_reliefs_open",
        "reliefs",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "relief_steps",
        sa.Column("relief_id", sa.Uuid, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("relief_id", "at", "step", name="pk_relief_steps"),
    )
    op.create_index("ix_relief_steps_case_id", "relief_steps", ["case_id"])
    op.create_table(
        "evidence_files",
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("file_id", name="pk_evidence_files"),
    )
    op.create_index("ix_evidence_files_case_id", "evidence_files", ["case_id"])
    op.create_index("ix_evidence_files_keep_until", "evidence_files", ["keep_until"])
    op.create_table(
        "evidence_openings",
        sa.Column("opening_id", sa.Uuid, nullable=False),
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("opening_id", name="pk_evidence_openings"),
    )
    op.create_index("ix_evidence_openings_file_id", "evidence_openings", ["file_id"])
