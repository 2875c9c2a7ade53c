"""The tables of relief: requests, what happened to them, files of evidence (sealed), and who opened them."""

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
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata

reliefs = Table(
    "reliefs",
    metadata,
    Column("relief_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("decide_by", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("is_review_due", Boolean, nullable=False),
    Column("is_overdue", Boolean, nullable=False),
    Column("until_on", Date),
    # The request whole, as the domain knows it; the columns are what queues and sweeps look for.
    Column("content", JSON, nullable=False),
)
Index("ix_reliefs_case_id", reliefs.c.case_id)
Index("ix_reliefs_due_at", reliefs.c.due_at, postgresql_where=text("due_at IS NOT NULL"))
Index("ix_reliefs_queue", reliefs.c.state, reliefs.c.requested_at, reliefs.c.relief_id)
# The second wall behind the lock of the case row.
Index(
    "uq_reliefs_open",
    reliefs.c.case_id,
    unique=True,
    postgresql_where=text("state IN ('requested', 'needs_evidence', 'with_lender', 'granted')"),
)

relief_steps = Table(
    "relief_steps",
    metadata,
    Column("relief_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("relief_id", "at", "step"),
)
Index("ix_relief_steps_case_id", relief_steps.c.case_id)

evidence_files = Table(
    "evidence_files",
    metadata,
    Column("file_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("keep_until", DateTime(timezone=True), nullable=False),
    # AES-256-GCM under a key of the installation, derived for each case.
    Column("sealed", LargeBinary, nullable=False),
)
Index("ix_evidence_files_case_id", evidence_files.c.case_id)
Index("ix_evidence_files_keep_until", evidence_files.c.keep_until)

evidence_openings = Table(
    "evidence_openings",
    metadata,
    Column("opening_id", Uuid, primary_key=True),
    Column("file_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)
Index("ix_evidence_openings_file_id", evidence_openings.c.file_id)
