"""The tables of the legal track: hand-overs heard of, files, their entries and documents, deadlines, counsel.

Entries and documents are append-only. A file's row is what its entries come to, for lists; the entries decide.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata

legal_handovers = Table(
    "legal_handovers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    # `opened`, or the code of why no file was opened on it.
    Column("verdict", Text, nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
)
Index("ix_legal_handovers_signed_at", legal_handovers.c.signed_at)

legal_files = Table(
    "legal_files",
    metadata,
    Column("legal_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("handover_id", Uuid, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("region", Text),
    Column("proof", JSON, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_halted", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("respond_by", Date),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("handover_id", name="uq_legal_files_handover_id"),
)
Index("uq_legal_files_open", legal_files.c.case_id, unique=True, postgresql_where=text("is_open"))
Index("ix_legal_files_case_id", legal_files.c.case_id)
Index("ix_legal_files_state", legal_files.c.state, legal_files.c.legal_id)

legal_entries = Table(
    "legal_entries",
    metadata,
    Column("legal_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("body", JSON, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("legal_id", "position"),
)

legal_documents = Table(
    "legal_documents",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("legal_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
Index("ix_legal_documents_legal_id", legal_documents.c.legal_id)

legal_deadlines = Table(
    "legal_deadlines",
    metadata,
    Column("deadline_id", Uuid, primary_key=True),
    Column("legal_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    # None: there is nothing to remind of any more.
    Column("remind_at", DateTime(timezone=True)),
    Column("reminded_at", DateTime(timezone=True)),
    Column("is_done", Boolean, nullable=False),
)
Index(
    "ix_legal_deadlines_remind_at",
    legal_deadlines.c.remind_at,
    postgresql_where=text("remind_at IS NOT NULL"),
)
Index("ix_legal_deadlines_legal_id", legal_deadlines.c.legal_id)

legal_counsel = Table(
    "legal_counsel",
    metadata,
    Column("counsel_id", Text, primary_key=True),
    Column("admitted_in", JSON, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False),
)
