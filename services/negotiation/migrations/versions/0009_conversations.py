"""Conversations over the protocol: who may speak for a borrower, and what was said.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SEEN = (
    "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "grants",
        sa.Column("grant_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("grant_id", name="pk_grants"),
        sa.UniqueConstraint("token_hash", name="uq_grants_token_hash"),
    )
    op.create_index("ix_grants_case_id", "grants", ["case_id"])
    op.create_table(
        "conversation_messages",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("grant_id", sa.Uuid),
        sa.Column("in_reply_to", sa.Uuid),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_conversation_messages"),
        sa.UniqueConstraint("message_id", name="uq_conversation_messages_message_id"),
    )
    for table in ("grants", "conversation_messages"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({SEEN}) WITH CHECK ({SEEN})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")
    # What was said stays said; 0001 has the function.
    op.execute("REVOKE UPDATE, DELETE ON conversation_messages FROM concord_api, concord_worker")
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON conversation_messages "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("conversation_messages")
    op.drop_table("grants")
