"""The inbox of the borrower's pages."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, LargeBinary, Table, Text, Uuid

from services.outreach.adapters.tables import metadata

inbox_messages = Table(
    "inbox_messages",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("language", Text, nullable=False),
    # AES-256-GCM under a key derived for the person; the row goes with the person.
    Column("sealed", LargeBinary, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
)
Index("ix_inbox_messages_person_id", inbox_messages.c.person_id, inbox_messages.c.sent_at)
