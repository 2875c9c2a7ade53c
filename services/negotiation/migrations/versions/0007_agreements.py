"""Evidence of agreements, their sealed copies, the codes that prove them, and withdrawals from plans.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TENANT_TABLES = ("acceptances", "documents", "withdrawals")
SEEN = (
    "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
)


def upgrade() -> None:
    _create_tables()
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({SEEN}) WITH CHECK ({SEEN})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM concord_api, concord_worker")
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    # Whose money is asked back is a list that staff work through.
    op.execute(
        "CREATE POLICY staff_list ON withdrawals FOR SELECT TO concord_api"
        " USING (current_setting('app.staff', true) = 'on' AND is_refund_asked)"
    )
    # A code that was given out stays what it is, but that it can be withdrawn.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON issued_codes FROM concord_api, concord_worker")
    op.execute("GRANT UPDATE (withdrawn_at) ON issued_codes TO concord_api, concord_worker")


def _owner() -> list[sa.Column[object]]:
    return [sa.Column("case_id", sa.Uuid, nullable=False), sa.Column("creditor_id", sa.Uuid, nullable=False)]


def _create_tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "acceptances",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        *_owner(),
        sa.Column("offer_id", sa.Uuid),
        sa.Column("terms_hash", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("texts_version", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("owed_minor_units", sa.BigInteger, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("shown_text_hash", sa.Text),
        sa.Column("second_factor", sa.Text),
        sa.Column("session_hash", sa.Text),
        sa.Column("network_hash", sa.Text),
        sa.Column("idempotency_hash", sa.Text),
        sa.Column("accepted_at", moment, nullable=False),
        sa.Column("cooling_off_until", moment, nullable=False),
        sa.Column("document_id", sa.Uuid),
        sa.PrimaryKeyConstraint("plan_id", name="pk_acceptances"),
    )
    op.create_index("ix_acceptances_case_id", "acceptances", ["case_id"])
    op.create_table(
        "documents",
        sa.Column("document_id", sa.Uuid, nullable=False),
        *_owner(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("rendering_hash", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("octet_length(content) <= 1000000", name=op.f("ck_documents_bounded")),
        sa.PrimaryKeyConstraint("document_id", name="pk_documents"),
    )
    op.create_index("ix_documents_case_id", "documents", ["case_id"])
    op.create_index("uq_documents_subject_id", "documents", ["subject_id", "kind"], unique=True)
    op.create_table(
        "issued_codes",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("issued_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.PrimaryKeyConstraint("code", name="pk_issued_codes"),
    )
    op.create_index("ix_issued_codes_subject_id", "issued_codes", ["subject_id"])
    op.create_table(
        "withdrawals",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        *_owner(),
        sa.Column("withdrawn_at", moment, nullable=False),
        sa.Column("is_refund_asked", sa.Boolean, nullable=False),
        sa.Column("paid_minor_units", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name="pk_withdrawals"),
    )
    op.create_index("ix_withdrawals_case_id", "withdrawals", ["case_id"])
    op.create_index(
        "ix_withdrawals_refund", "withdrawals", ["withdrawn_at"], postgresql_where=sa.text("is_refund_asked")
    )
