"""Tables of conversations over the protocol: grants, and an append-only log."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from services.negotiation.adapters.tables import metadata

grants = Table(
    "grants",
    metadata,
    Column("grant_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("holder", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)
Index("ix_grants_case_id", grants.c.case_id)

conversation_messages = Table(
    "conversation_messages",
    metadata,
    Column("case_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("message_id", Uuid, nullable=False, unique=True),
    Column("grant_id", Uuid),
    Column("in_reply_to", Uuid),
    Column("document", LargeBinary, nullable=False),
    Column("hash", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("case_id", "position"),
)
