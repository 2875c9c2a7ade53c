"""Mandate versions, their re-checks of open offers, and the queue of approvals.

That the maker is not the checker is also the tables' rule: no code of ours can forget it.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import cases, metadata

mandate_versions = Table(
    "mandate_versions",
    metadata,
    Column("version_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("product", Text),
    Column("number", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("status", Text, nullable=False),
    Column("is_lenders_word", Boolean, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", DateTime(timezone=True), nullable=False),
    Column("approved_by", Text),
    Column("approved_at", DateTime(timezone=True)),
    Column("retired_by", Text),
    Column("retired_at", DateTime(timezone=True)),
    CheckConstraint("approved_by <> drafted_by", name="four_eyes"),
    CheckConstraint("(status IN ('approved', 'retired')) = (approved_by IS NOT NULL)", name="approved_by_somebody"),
    UniqueConstraint("creditor_id", "number"),
)

mandate_rechecks = Table(
    "mandate_rechecks",
    metadata,
    Column("version_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("after_case_id", Uuid, nullable=False),
    PrimaryKeyConstraint("version_id", "due_on"),
)
Index("ix_mandate_rechecks_due_on", mandate_rechecks.c.due_on)
# A change of mandate goes through its lender's open cases.
Index("ix_cases_open_of_creditor", cases.c.creditor_id, cases.c.case_id, postgresql_where=text("closed IS NULL"))

approvals = Table(
    "approvals",
    metadata,
    Column("approval_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("case_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("details", JSON, nullable=False),
    Column("deciders", JSON, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_role", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("status", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_role", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("decision_reasons", JSON, nullable=False),
    Column("decision_note", Text, nullable=False),
    CheckConstraint("decided_by <> asked_by", name="four_eyes"),
    CheckConstraint("(status IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name="decided_by_somebody"),
)
Index("ix_approvals_creditor_id", approvals.c.creditor_id, approvals.c.approval_id)
Index("ix_approvals_open", approvals.c.expires_at, postgresql_where=text("status = 'open'"))
Index("ix_approvals_case_id", approvals.c.case_id)
Index("ix_approvals_subject_id", approvals.c.subject_id)
# The same question is open once.
Index(
    "uq_approvals_open_subject",
    approvals.c.kind,
    approvals.c.subject_id,
    unique=True,
    postgresql_where=text("status = 'open'"),
)
