"""Staff may read all sets of offers: the audit compares the offers of everybody.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE POLICY staff_audit ON offer_sets FOR SELECT TO concord_api"
        " USING (current_setting('app.staff', true) = 'on')"
    )


def downgrade() -> None:
    op.execute("DROP POLICY staff_audit ON offer_sets")
