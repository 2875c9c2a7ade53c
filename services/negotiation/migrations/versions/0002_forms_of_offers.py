"""Offers have forms and frequencies; a case keeps its person and its contract.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offers", sa.Column("form", sa.Text))
    op.add_column("offers", sa.Column("frequency", sa.Text, nullable=False, server_default="monthly"))
    op.add_column("offers", sa.Column("pay_day", sa.Integer))
    op.add_column("offers", sa.Column("steps", JSON, nullable=False, server_default="[]"))
    op.add_column("cases", sa.Column("person_id", sa.Uuid))
    op.add_column("cases", sa.Column("contract", JSON))
    op.create_index("ix_cases_person_id", "cases", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_cases_person_id", "cases")
    op.drop_column("cases", "contract")
    op.drop_column("cases", "person_id")
    for column in ("steps", "pay_day", "frequency", "form"):
        op.drop_column("offers", column)
