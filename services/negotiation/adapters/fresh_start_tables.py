"""Tables of fresh starts: requests to correct a credit record, and calm questions."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from services.negotiation.adapters.tables import metadata

corrections = Table(
    "corrections",
    metadata,
    Column("correction_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, unique=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("waived_minor_units", BigInteger, nullable=False),
    Column("cleared_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("answer_due_at", DateTime(timezone=True)),
    Column("answer", Text),
    Column("answered_at", DateTime(timezone=True)),
)
Index("ix_corrections_due", corrections.c.state, corrections.c.due_at, postgresql_where=text("due_at IS NOT NULL"))
Index("ix_corrections_state", corrections.c.state, corrections.c.requested_at)

check_ins = Table(
    "check_ins",
    metadata,
    Column("case_id", Uuid, nullable=False),
    Column("days", Integer, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("case_id", "days"),
)
Index(
    "ix_check_ins_state",
    check_ins.c.state,
    check_ins.c.due_on,
    postgresql_where=text("state IN ('open', 'needs_help')"),
)
