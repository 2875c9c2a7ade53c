"""Requests for relief that were heard of, so that an end that is heard first stays the end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "reliefs",
        sa.Column("relief_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("relief_id", name="pk_reliefs"),
    )
    op.create_index("ix_reliefs_case_id", "reliefs", ["case_id"], unique=False)
