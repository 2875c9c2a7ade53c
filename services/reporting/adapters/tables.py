"""The tables that reporting owns; the migrations make the same."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from services.reporting.domain.figures import FIGURES
from shared.db.database import new_metadata
from shared.outbox.tables import add_plumbing_tables

_WALL_CLOCK = text("clock_timestamp()")

metadata = new_metadata()
add_plumbing_tables(metadata)

journal = Table(
    "journal",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    Column("causation_id", Uuid),
    Column("trace_id", Text),
    Column("body", JSON, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
    UniqueConstraint("event_id"),
)
Index("ix_journal_key", journal.c.key, journal.c.position)

journal_head = Table(
    "journal_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

movements = Table(
    "movements",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("stamp", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("currency", Text),
    Column("kind", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("overpaid_minor_units", BigInteger, nullable=False),
    Column("balance_minor_units", BigInteger),
    Column("payment_id", Text),
    Column("is_in_trust", Boolean, nullable=False, server_default=text("false")),
)
Index("ix_movements_case", movements.c.creditor_id, movements.c.case_id)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("is_placed", Boolean, nullable=False),
    Column("currency", Text),
    Column("status", Text, nullable=False),
    Column("risk_grade", Text),
    Column("is_on_hold", Boolean, nullable=False),
    Column("placed_on", Date),
    Column("last_at", DateTime(timezone=True), nullable=False),
    # The whole row as the domain knows it; the columns above are for finding it.
    Column("state", JSON, nullable=False),
)
Index("ix_cases_creditor", cases.c.creditor_id, cases.c.case_id.desc(), postgresql_where=text("is_placed"))
Index("ix_cases_status", cases.c.status, cases.c.case_id.desc(), postgresql_where=text("is_placed"))

portfolio = Table(
    "portfolio",
    metadata,
    Column("creditor_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in FIGURES),
    PrimaryKeyConstraint("creditor_id", "currency"),
)

batches = Table(
    "batches",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("first_at", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
)
Index("ix_batches_creditor_id", batches.c.creditor_id)

batch_months = Table(
    "batch_months",
    metadata,
    Column("batch_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("placed_minor_units", BigInteger, nullable=False),
    Column("collected_minor_units", BigInteger, nullable=False),
    PrimaryKeyConstraint("batch_id", "creditor_id", "currency", "month"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("creditor_id", Uuid, nullable=False),
    Column("measure", Text, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    PrimaryKeyConstraint("creditor_id", "measure", "dimension"),
)

topics = Table(
    "topics",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("last_recorded_at", DateTime(timezone=True), nullable=False),
    # The last hour, minute by minute: one row a topic, however long it lives.
    Column("minutes", JSON, nullable=False),
)

TENANT_TABLES = ("journal", "movements", "cases", "portfolio", "batches", "batch_months", "tallies")
"""A row belongs to one creditor; row-level security compares `creditor_id` with the tenant of the transaction."""
