"""The table of validation notices."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, SmallInteger, Table, Text, Uuid
from sqlalchemy import text as sql

from services.outreach.adapters.tables import metadata


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


validation_notices = Table(
    "validation_notices",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    # The lender's statement at placement: what the itemization begins with.
    Column("itemized_on", Date, nullable=False),
    Column("fees_minor_units", BigInteger, nullable=False),
    Column("interest_minor_units", BigInteger, nullable=False),
    Column("principal_minor_units", BigInteger, nullable=False),
    Column("paid_minor_units", BigInteger, nullable=False, server_default=sql("0")),
    # Drawn before it is tried; a new one only where the notice came back.
    Column("attempt_id", Uuid, nullable=False, unique=True),
    _moment("initial_at"),
    _moment("due_at"),
    Column("tries", SmallInteger, nullable=False, server_default=sql("0")),
    _moment("provided_at"),
    Column("received_on", Date),
    Column("period_ends_on", Date),
    Column("closed_because", Text),
)
Index("ix_validation_notices_due_at", validation_notices.c.due_at, postgresql_where=sql("due_at IS NOT NULL"))
