"""Versions of mandates, the re-checks of open offers that follow from them, and the queue of approvals.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STAFF = "current_setting('app.staff', true) = 'on'"
TENANT = "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
CASE = "case_id = NULLIF(current_setting('app.case', true), '')::uuid"
# Whoever opened one case sees the versions of that case's lender, which decide what it may be offered.
LENDER_OF_CASE = f"creditor_id IN (SELECT c.creditor_id FROM cases c WHERE c.{CASE})"  # noqa: S608 - made of constants

POLICIES = {
    "mandate_versions": (f"{TENANT} OR {STAFF} OR {LENDER_OF_CASE}", f"{TENANT} OR {STAFF}"),
    "mandate_rechecks": (f"{TENANT} OR {STAFF}", f"{TENANT} OR {STAFF}"),
    "approvals": (f"{TENANT} OR {STAFF} OR {CASE}", f"{TENANT} OR {STAFF} OR {CASE}"),
}


def upgrade() -> None:
    _create_mandates()
    _create_approvals()
    op.create_index(
        "ix_offers_current_of_creditor",
        "offers",
        ["creditor_id", "case_id"],
        postgresql_where=sa.text("status IN ('prepared', 'proposed')"),
    )
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({seen}) WITH CHECK ({written})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")


def _create_mandates() -> None:
    op.create_table(
        "mandate_versions",
        sa.Column("version_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("product", sa.Text),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("effective_to", sa.Date),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("is_lenders_word", sa.Boolean, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("retired_by", sa.Text),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("approved_by <> drafted_by", name="ck_mandate_versions_four_eyes"),
        sa.CheckConstraint(
            "(status IN ('approved', 'retired')) = (approved_by IS NOT NULL)",
            name="ck_mandate_versions_approved_by_somebody",
        ),
        sa.PrimaryKeyConstraint("version_id", name="pk_mandate_versions"),
        sa.UniqueConstraint("creditor_id", "number", name="uq_mandate_versions_creditor_id_number"),
    )
    op.create_table(
        "mandate_rechecks",
        sa.Column("version_id", sa.Uuid, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("after_case_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "due_on", name="pk_mandate_rechecks"),
    )
    op.create_index("ix_mandate_rechecks_due_on", "mandate_rechecks", ["due_on"])


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("deciders", JSON, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_role", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_role", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decision_reasons", JSON, nullable=False),
        sa.Column("decision_note", sa.Text, nullable=False),
        sa.CheckConstraint("decided_by <> asked_by", name="ck_approvals_four_eyes"),
        sa.CheckConstraint(
            "(status IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name="ck_approvals_decided_by_somebody"
        ),
        sa.PrimaryKeyConstraint("approval_id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_creditor_id", "approvals", ["creditor_id", "approval_id"])
    op.create_index("ix_approvals_case_id", "approvals", ["case_id"])
    op.create_index("ix_approvals_subject_id", "approvals", ["subject_id"])
    op.create_index("ix_approvals_open", "approvals", ["expires_at"], postgresql_where=sa.text("status = 'open'"))
    op.create_index(
        "uq_approvals_open_subject",
        "approvals",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
