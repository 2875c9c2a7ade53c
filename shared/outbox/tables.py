"""The plumbing tables that every service's database has, and the first migration that makes them."""

from __future__ import annotations

from types import ModuleType

from alembic.operations import Operations
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.db.database import new_metadata

_WALL_CLOCK = text("clock_timestamp()")


def add_plumbing_tables(metadata: MetaData) -> None:
    """Declare the plumbing tables in a service's metadata.

    Times here are the database's wall clock, not the business clock: they measure lag, age and retention.
    """
    Table(
        "outbox",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("event_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("headers", Text, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
        Column("published_at", DateTime(timezone=True)),
        UniqueConstraint("event_id"),
    )
    outbox = metadata.tables["outbox"]
    # The relay reads by state, never by `id > last`: ids become visible in commit order, not in id order.
    Index("ix_outbox_unpublished", outbox.c.id, postgresql_where=text("published_at IS NULL"))
    Index("ix_outbox_published_at", outbox.c.published_at, postgresql_where=text("published_at IS NOT NULL"))
    Table(
        "outbox_sequences",
        metadata,
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("last", BigInteger, nullable=False),
        PrimaryKeyConstraint("topic", "key"),
    )
    Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
    )
    Table(
        "cursors",
        metadata,
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("next_offset", BigInteger, nullable=False),
        Column("last_record", Text),
        PrimaryKeyConstraint("topic", "partition"),
    )
    Table(
        "positions",
        metadata,
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("last_sequence", BigInteger, nullable=False),
        PrimaryKeyConstraint("topic", "key"),
    )
    Table(
        "known_facts",
        metadata,
        Column("fact", Text, nullable=False),
        Column("key", Text, nullable=False),
        PrimaryKeyConstraint("fact", "key"),
    )
    waiting = Table(
        "waiting",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("reason", Text, nullable=False),  # gap | fact | quarantine
        Column("waits_for", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("headers", Text, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
    )
    Index("ix_waiting_key", waiting.c.key, waiting.c.id)
    quarantine = Table(
        "quarantine",
        metadata,
        Column("key", Text, primary_key=True),
        Column("reason", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("attempts", SmallInteger, nullable=False),
        Column("traceparent", Text),
        Column("since", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
    )
    Index("ix_quarantine_since", quarantine.c.since)
    keys = Table(
        "idempotency_keys",
        metadata,
        Column("scope", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("request_hash", Text, nullable=False),
        Column("status", SmallInteger),
        Column("response", LargeBinary),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=_WALL_CLOCK),
        PrimaryKeyConstraint("scope", "key"),
    )
    Index("ix_idempotency_keys_created_at", keys.c.created_at)


def create_plumbing_tables(op: ModuleType | Operations) -> None:
    """The first migration of every service: the plumbing tables as of version 1.

    A later change to a table above comes with its own function here and a migration in each service that calls it.
    """
    metadata = new_metadata()
    add_plumbing_tables(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)
    # Sequences, cursors and positions are updated in place all day: leave room on the page for it (HOT updates).
    for table in ("outbox_sequences", "cursors", "positions", "outbox"):
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)")


PLUMBING_TABLES = (
    "outbox",
    "outbox_sequences",
    "inbox",
    "cursors",
    "positions",
    "known_facts",
    "waiting",
    "quarantine",
    "idempotency_keys",
)
