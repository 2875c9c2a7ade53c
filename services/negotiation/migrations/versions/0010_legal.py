"""The legal track: hand-overs, files with their entries and documents, deadlines, counsel.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("legal_handovers", "legal_files", "legal_entries", "legal_documents", "legal_deadlines")
APPEND_ONLY_TABLES = ("legal_entries", "legal_documents")


def upgrade() -> None:
    _create_files()
    _create_parts()
    for table in TABLES:
        _keep_tenants_apart(table)
    for table in APPEND_ONLY_TABLES:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM concord_api, concord_worker")
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("legal_counsel")
    for table in reversed(TABLES):
        op.drop_table(table)


def _keep_tenants_apart(table: str) -> None:
    """The API's role sees one tenant or one case, or, for counsel's desk, the rows of this topic."""
    seen = (
        "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
        " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
        " OR current_setting('app.staff', true) = 'on'"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({seen}) WITH CHECK ({seen})")
    op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")


def _create_files() -> None:
    op.create_table(
        "legal_handovers",
        sa.Column("handover_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("handover_id", name="pk_legal_handovers"),
    )
    op.create_index("ix_legal_handovers_signed_at", "legal_handovers", ["signed_at"])
    op.create_table(
        "legal_files",
        sa.Column("legal_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("handover_id", sa.Uuid, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("region", sa.Text),
        sa.Column("proof", JSON, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("is_halted", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("respond_by", sa.Date),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("legal_id", name="pk_legal_files"),
        sa.UniqueConstraint("handover_id", name="uq_legal_files_handover_id"),
    )
    op.create_index("uq_legal_files_open", "legal_files", ["case_id"], unique=True, postgresql_where=sa.text("is_open"))
    op.create_index("ix_legal_files_case_id", "legal_files", ["case_id"])
    op.create_index("ix_legal_files_state", "legal_files", ["state", "legal_id"])
    op.create_table(
        "legal_counsel",
        sa.Column("counsel_id", sa.Text, nullable=False),
        sa.Column("admitted_in", JSON, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("counsel_id", name="pk_legal_counsel"),
    )


def _create_parts() -> None:
    op.create_table(
        "legal_entries",
        sa.Column("legal_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("legal_id", "position", name="pk_legal_entries"),
    )
    op.create_table(
        "legal_documents",
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("legal_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_legal_documents"),
    )
    op.create_index("ix_legal_documents_legal_id", "legal_documents", ["legal_id"])
    op.create_table(
        "legal_deadlines",
        sa.Column("deadline_id", sa.Uuid, nullable=False),
        sa.Column("legal_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True)),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("deadline_id", name="pk_legal_deadlines"),
    )
    op.create_index(
        "ix_legal_deadlines_remind_at",
        "legal_deadlines",
        ["remind_at"],
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.create_index("ix_legal_deadlines_legal_id", "legal_deadlines", ["legal_id"])
