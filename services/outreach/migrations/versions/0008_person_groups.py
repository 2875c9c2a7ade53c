"""Persons of different lenders who are one human being: groups, and the keyed tokens that say so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "person_groups",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_person_groups"),
    )
    op.create_table(
        "person_tokens",
        sa.Column("key_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "token", name="pk_person_tokens"),
    )
    op.create_index("ix_person_tokens_group_id", "person_tokens", ["group_id"])
    op.add_column("persons", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.add_column("persons", sa.Column("token_tries", sa.SmallInteger(), nullable=False, server_default=sa.text("0")))
    # Everybody who is here already is asked about at once.
    op.add_column(
        "persons",
        sa.Column(
            "tokens_due_at", sa.DateTime(timezone=True), nullable=True, server_default=sa.text("clock_timestamp()")
        ),
    )
    op.create_index("ix_persons_group_id", "persons", ["group_id"])
    op.create_index("ix_persons_tokens_due_at", "persons", ["tokens_due_at"])
