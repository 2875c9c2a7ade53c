"""Intake's tables. Whatever is personal is sealed (`*_sealed`) or a blind index (`*_index`); no column holds it plain.

Every table with a `creditor_id` is under forced row-level security, its keys and foreign keys carry the tenant (a
foreign key alone would let one tenant's row point to another's, a global unique would tell that another has a value).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from shared.db.database import new_metadata
from shared.outbox.tables import add_plumbing_tables

metadata = new_metadata()
add_plumbing_tables(metadata)

creditors = Table(
    "creditors",
    metadata,
    Column("creditor_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("licence_number", Text, nullable=False),
    Column("licence_expires_on", Date, nullable=False),
    Column("currency", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("mandate", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

creditor_keys = Table(
    "creditor_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("creditor_id", Uuid, ForeignKey("creditors.creditor_id"), nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
)
Index("ix_creditor_keys_creditor_id", creditor_keys.c.creditor_id)

batches = Table(
    "batches",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, ForeignKey("creditors.creditor_id"), nullable=False),
    Column("records", Integer, nullable=False),
    Column("accepted", Integer),
    Column("rejected", Integer),
    Column("received_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("creditor_id", "batch_id"),
    CheckConstraint("accepted + rejected = records", name="complete"),
)

persons = Table(
    "persons",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("identity_sealed", LargeBinary),
    Column("identity_index", LargeBinary),
    Column("born_sealed", LargeBinary),
    Column("language", Text, nullable=False),
    Column("region", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("creditor_id", "person_id"),
    UniqueConstraint("creditor_id", "identity_index"),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("contact_point_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("may_be_used", Boolean),
    Column("time_zones", JSON, nullable=False),
    Column("value_sealed", LargeBinary, nullable=False),
    Column("value_index", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("creditor_id", "person_id", "value_index"),
    ForeignKeyConstraint(
        ["creditor_id", "person_id"], ["persons.creditor_id", "persons.person_id"], ondelete="CASCADE"
    ),
)
Index("ix_contact_points_value", contact_points.c.creditor_id, contact_points.c.value_index)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    # No foreign key to persons: erasing a person deletes that row, and the account stays without its number.
    Column("person_id", Uuid, nullable=False),
    Column("number_index", LargeBinary),
    Column("number_sealed", LargeBinary),
    Column("product", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("originated_on", Date, nullable=False),
    Column("original_principal_minor_units", BigInteger, nullable=False),
    Column("annual_rate_basis_points", Integer, nullable=False),
    Column("term_months", SmallInteger, nullable=False),
    Column("instalment_minor_units", BigInteger, nullable=False),
    Column("first_due_on", Date, nullable=False),
    Column("history", JSON, nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("creditor_id", "account_id"),
    UniqueConstraint("creditor_id", "number_index"),
)
Index("ix_accounts_person_id", accounts.c.person_id)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("batch_id", Uuid, nullable=False),
    Column("record_number", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("fees_minor_units", BigInteger, nullable=False),
    Column("interest_minor_units", BigInteger, nullable=False),
    Column("principal_minor_units", BigInteger, nullable=False),
    Column("arrears_minor_units", BigInteger, nullable=False),
    Column("days_past_due", Integer, nullable=False),
    Column("oldest_due_on", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("checklist", JSON, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True)),
    Column("recalled_at", DateTime(timezone=True)),
    Column("recall_reason", Text),
    Column("closed_at", DateTime(timezone=True)),
    Column("plan_agreed_at", DateTime(timezone=True)),
    Column("plan_broken_at", DateTime(timezone=True)),
    Column("plan_completed_at", DateTime(timezone=True)),
    UniqueConstraint("creditor_id", "case_id"),
    CheckConstraint("status IN ('open', 'recalled', 'closed')", name="status"),
    ForeignKeyConstraint(["creditor_id", "account_id"], ["accounts.creditor_id", "accounts.account_id"]),
    ForeignKeyConstraint(["creditor_id", "batch_id"], ["batches.creditor_id", "batches.batch_id"]),
)
Index(
    "uq_cases_open_account",
    cases.c.creditor_id,
    cases.c.account_id,
    unique=True,
    postgresql_where=text("status = 'open'"),
)
Index("ix_cases_account_id", cases.c.account_id)
Index("ix_cases_person_id", cases.c.person_id)
Index("ix_cases_batch_id", cases.c.batch_id, cases.c.case_id)

rejections = Table(
    "rejections",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("batch_id", Uuid, nullable=False),
    Column("record_number", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("rejected_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["creditor_id", "batch_id"], ["batches.creditor_id", "batches.batch_id"]),
)

payments = Table(
    "payments",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("reference_index", LargeBinary, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("reverses_payment_id", Uuid),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("creditor_id", "payment_id"),
    UniqueConstraint("creditor_id", "reference_index"),
    UniqueConstraint("creditor_id", "reverses_payment_id"),
    CheckConstraint("amount_minor_units > 0", name="positive"),
    ForeignKeyConstraint(["creditor_id", "case_id"], ["cases.creditor_id", "cases.case_id"]),
    ForeignKeyConstraint(["creditor_id", "reverses_payment_id"], ["payments.creditor_id", "payments.payment_id"]),
)
Index("ix_payments_case_id", payments.c.case_id)

case_holds = Table(
    "case_holds",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    # Null where the release came before the hold.
    Column("kind", Text),
    Column("until_at", DateTime(timezone=True)),
    Column("applied_at", DateTime(timezone=True)),
    Column("released_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["creditor_id", "case_id"], ["cases.creditor_id", "cases.case_id"]),
)
Index("ix_case_holds_case_id", case_holds.c.case_id)

# By plan, so that withdrawing from one says nothing of another, also where a driven clock dates both alike.
agreed_plans = Table(
    "agreed_plans",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    # Null where the withdrawal came before the agreement.
    Column("agreed_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["creditor_id", "case_id"], ["cases.creditor_id", "cases.case_id"]),
)
Index("ix_agreed_plans_case_id", agreed_plans.c.case_id)

TENANT_TABLES = (
    creditors,
    creditor_keys,
    batches,
    persons,
    contact_points,
    accounts,
    cases,
    rejections,
    payments,
    case_holds,
    agreed_plans,
)
