"""Movements tell whether a payment came into the agency's trust account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("movements", sa.Column("is_in_trust", sa.Boolean, server_default=sa.text("false"), nullable=False))
