"""The audit of the trust account finds the money at the agency by itself.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OWNER = ["creditor_id", "currency"]


def upgrade() -> None:
    op.create_index("ix_payments_agency", "payments", OWNER, postgresql_where=sa.text("paid_to = 'agency'"))
    op.create_index("ix_postings_trust", "postings", OWNER, postgresql_where=sa.text("account = 'trust'"))


def downgrade() -> None:
    op.drop_index("ix_postings_trust", "postings")
    op.drop_index("ix_payments_agency", "payments")
