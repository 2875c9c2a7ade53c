"""Staff list those who asked for help after a fresh start as well.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_check_ins_due", "check_ins")
    listed = sa.text("state IN ('open', 'needs_help')")
    op.create_index("ix_check_ins_state", "check_ins", ["state", "due_on"], postgresql_where=listed)
