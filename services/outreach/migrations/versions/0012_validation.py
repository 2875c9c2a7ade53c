"""Validation notices that leave by themselves, and the index by which it is known when a person last answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "validation_notices",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("itemized_on", sa.Date(), nullable=False),
        sa.Column("fees_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("principal_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor_units", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("initial_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("provided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("period_ends_on", sa.Date(), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_validation_notices"),
        sa.UniqueConstraint("attempt_id", name="uq_validation_notices_attempt_id"),
    )
    op.create_index(
        "ix_validation_notices_due_at",
        "validation_notices",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    # Cases of before: what was owed at placement is not known any more, so the statement is the one of today. Those
    # that were told of the debt already fall due with the next contact.
    op.execute(
        "INSERT INTO validation_notices (case_id, itemized_on, fees_minor_units, interest_minor_units, "
        "principal_minor_units, attempt_id) SELECT case_id, balance_as_of::date, fees_minor_units, "
        "interest_minor_units, principal_minor_units, gen_random_uuid() FROM cases "
        "WHERE jurisdiction = 'US' AND status = 'open'"
    )
    op.create_index("ix_replies_person_id", "replies", ["person_id", "received_at"], unique=False)
