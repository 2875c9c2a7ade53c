"""What the rules of a place look at: the state or province, the product, and since when something is overdue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("cases", sa.Column("region", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("product", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("oldest_due_on", sa.Date(), nullable=True))
