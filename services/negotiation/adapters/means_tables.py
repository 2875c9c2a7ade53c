"""Tables of means and of what offers followed from: statements, and each set of offers with its facts."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata

statements_of_means = Table(
    "statements_of_means",
    metadata,
    Column("statement_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("stated_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("affordable_minor_units", BigInteger, nullable=False),
    Column("statement", JSON, nullable=False),
    Column("means", JSON, nullable=False),
    CheckConstraint("affordable_minor_units >= 0 AND valid_until > stated_on", name="in_order"),
)
Index(
    "ix_statements_of_means_case_id",
    statements_of_means.c.case_id,
    statements_of_means.c.stated_on,
)

offer_sets = Table(
    "offer_sets",
    metadata,
    Column("set_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("engine", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("facts_hash", Text, nullable=False),
    Column("offers_hash", Text, nullable=False),
)
Index("ix_offer_sets_case_id", offer_sets.c.case_id)
Index("ix_offer_sets_facts", offer_sets.c.facts_hash)
