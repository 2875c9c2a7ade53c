"""The tables that assessment owns."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.db.database import new_metadata
from shared.outbox.tables import add_plumbing_tables

metadata = new_metadata()
add_plumbing_tables(metadata)

# The facts are one document: they are read and written whole, and new ones come with the trade without a migration.
case_files = Table(
    "case_files",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("latest_sha256", Text),
    Column("announced_key", Text),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

assessments = Table(
    "assessments",
    metadata,
    Column("assessment_id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_files.case_id"), nullable=False),
    Column("assessed_at", DateTime(timezone=True), nullable=False),
    Column("trigger", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("model_sha256", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("is_announced", Boolean, nullable=False),
    Column("ability", SmallInteger, nullable=False),
    Column("willingness", SmallInteger, nullable=False),
    Column("risk_grade", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("segment", Text, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("arrears_cause", Text, nullable=False),
    Column("is_vulnerable", Boolean, nullable=False),
    Column("affordable_monthly_minor_units", BigInteger),
    Column("reason_codes", ARRAY(Text), nullable=False),
    Column("points", JSONB, nullable=False),
)
Index("ix_assessments_case_id", assessments.c.case_id, assessments.c.assessment_id)
