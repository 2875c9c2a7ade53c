"""Payments say to whom they came and what of them was refunded.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTS = "amount_minor_units = fees_minor_units + interest_minor_units + principal_minor_units + overpaid_minor_units"


# The first migration gave the constraint its whole name, and the naming convention put its prefix before that again.
FIRST_NAME = "ck_payments_ck_payments_wholly_allocated"
NAME = "ck_payments_wholly_allocated"


def upgrade() -> None:
    op.add_column("payments", sa.Column("paid_to", sa.Text, nullable=False, server_default="creditor"))
    op.add_column("payments", sa.Column("refunded_minor_units", sa.BigInteger, nullable=False, server_default="0"))
    op.drop_constraint(FIRST_NAME, "payments")
    op.create_check_constraint(op.f(NAME), "payments", f"{PARTS} + refunded_minor_units")


def downgrade() -> None:
    op.drop_constraint(NAME, "payments")
    op.drop_column("payments", "refunded_minor_units")
    op.drop_column("payments", "paid_to")
    op.create_check_constraint(op.f(FIRST_NAME), "payments", PARTS)
