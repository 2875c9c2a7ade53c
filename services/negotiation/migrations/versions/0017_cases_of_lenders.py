"""A change of mandate goes through all open cases of its lender, not only those with offers.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_offers_current_of_creditor", "offers")
    op.create_index(
        "ix_cases_open_of_creditor", "cases", ["creditor_id", "case_id"], postgresql_where=sa.text("closed IS NULL")
    )
