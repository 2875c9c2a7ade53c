"""Budgets that are being filled in, page by page.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SEEN = (
    "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "budget_drafts",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_budget_drafts"),
    )
    op.execute("ALTER TABLE budget_drafts ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budget_drafts FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_tenant ON budget_drafts TO concord_api USING ({SEEN}) WITH CHECK ({SEEN})")
    op.execute("CREATE POLICY all_tenants ON budget_drafts TO concord_worker USING (true) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_table("budget_drafts")
