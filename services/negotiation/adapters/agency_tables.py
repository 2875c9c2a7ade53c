"""Tables of the agency's own books, of fees, remittances, refunds and the comparison with the bank.

The entries and postings are append-only, as those of the cases are.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata, payments, postings

MOMENT = DateTime(timezone=True)

UNSETTLED = (
    "(is_reversed AND (settled_fees_minor_units + settled_interest_minor_units + settled_principal_minor_units"
    " + settled_commission_minor_units) <> 0) OR (NOT is_reversed AND"
    " (fees_minor_units <> settled_fees_minor_units OR interest_minor_units <> settled_interest_minor_units"
    " OR principal_minor_units <> settled_principal_minor_units))"
)
"""A payment of which something is open between agency and creditor; queries say it in these words to use the index."""
Index(
    "ix_payments_unsettled",
    payments.c.creditor_id,
    payments.c.currency,
    payments.c.received_on,
    payments.c.payment_id,
    postgresql_where=text(UNSETTLED),
)
# The audit of the trust account sums money at the agency alone, however much lies at lenders.
Index("ix_payments_agency", payments.c.creditor_id, payments.c.currency, postgresql_where=text("paid_to = 'agency'"))
Index("ix_postings_trust", postings.c.creditor_id, postings.c.currency, postgresql_where=text("account = 'trust'"))

agency_entries = Table(
    "agency_entries",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("booked_at", MOMENT, nullable=False),
)
Index("uq_agency_entries_source_id", agency_entries.c.source_id, agency_entries.c.kind, unique=True)
Index("ix_agency_entries_creditor_id", agency_entries.c.creditor_id, agency_entries.c.currency)

agency_postings = Table(
    "agency_postings",
    metadata,
    Column("entry_id", Uuid, nullable=False),
    Column("account", Text, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("minor_units", BigInteger, nullable=False),
    PrimaryKeyConstraint("entry_id", "account"),
)
Index("ix_agency_postings_creditor_id", agency_postings.c.creditor_id, agency_postings.c.currency)
Index(
    "ix_agency_postings_trust",
    agency_postings.c.currency,
    agency_postings.c.effective_on,
    postgresql_where=text("account = 'trust'"),
)

refunds = Table(
    "refunds",
    metadata,
    Column("refund_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("reserved_at", MOMENT, nullable=False),
    CheckConstraint("amount_minor_units > 0", name="positive"),
    CheckConstraint("status IN ('reserved', 'paid', 'cancelled')", name="known_status"),
)
Index("ix_refunds_case_id", refunds.c.case_id)
Index(
    "ix_refunds_reserved",
    refunds.c.creditor_id,
    refunds.c.currency,
    postgresql_where=text("status = 'reserved'"),
)

fee_schedules = Table(
    "fee_schedules",
    metadata,
    Column("creditor_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("schedule", JSON, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", MOMENT),
    PrimaryKeyConstraint("creditor_id", "version"),
    CheckConstraint("approved_by <> made_by", name="checker_is_not_maker"),
)

remittances = Table(
    "remittances",
    metadata,
    Column("remittance_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("fee_version", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("status", Text, nullable=False),
    Column("totals", JSON, nullable=False),
    Column("settlement", JSON),
    Column("lines_hash", Text, nullable=False),
    Column("statement_hash", Text),
    Column("cursor_on", Date),
    Column("cursor_payment_id", Uuid),
    Column("told_through", Uuid),
    Column("undone_through", Integer, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", MOMENT),
    Column("paid_by", Text),
    Column("paid_at", MOMENT),
    Column("paid_on", Date),
    Column("bank_reference", Text),
    CheckConstraint("approved_by <> made_by", name="checker_is_not_maker"),
    CheckConstraint("period_from <= period_to", name="period_in_order"),
    CheckConstraint(
        "status IN ('collecting', 'drafted', 'approved', 'paid', 'cancelling', 'cancelled')", name="known_status"
    ),
    CheckConstraint("status NOT IN ('approved', 'paid') OR approved_by IS NOT NULL", name="approved_by_somebody"),
)
Index(
    "uq_remittances_period",
    remittances.c.creditor_id,
    remittances.c.currency,
    remittances.c.period_to,
    unique=True,
    postgresql_where=text("status <> 'cancelled'"),
)
# What is carried from one remittance to the next can only be known when nothing between them is open.
Index(
    "uq_remittances_open",
    remittances.c.creditor_id,
    remittances.c.currency,
    unique=True,
    postgresql_where=text("status NOT IN ('paid', 'cancelled')"),
)
Index(
    "ix_remittances_at_work",
    remittances.c.status,
    postgresql_where=text("status IN ('collecting', 'cancelling')"),
)
LAST_CASE = "ffffffff-ffff-ffff-ffff-ffffffffffff"
Index(
    "ix_remittances_untold",
    remittances.c.remittance_id,
    postgresql_where=text(f"status = 'paid' AND told_through <> '{LAST_CASE}'::uuid"),
)

remittance_lines = Table(
    "remittance_lines",
    metadata,
    Column("remittance_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("paid_to", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("fees_minor_units", BigInteger, nullable=False),
    Column("interest_minor_units", BigInteger, nullable=False),
    Column("principal_minor_units", BigInteger, nullable=False),
    Column("commission_minor_units", BigInteger, nullable=False),
    Column("tax_minor_units", BigInteger, nullable=False),
    Column("net_minor_units", BigInteger, nullable=False),
    PrimaryKeyConstraint("remittance_id", "number"),
)
Index("ix_remittance_lines_case_id", remittance_lines.c.remittance_id, remittance_lines.c.case_id)

# The bank's word about the account that all lenders' money lies in: no creditor and no tenant wall.
trust_days = Table(
    "trust_days",
    metadata,
    Column("statement_id", Uuid, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("closing_minor_units", BigInteger, nullable=False),
    Column("unmatched_minor_units", BigInteger, nullable=False),
    Column("ledger_minor_units", BigInteger),
    Column("differences", JSON, nullable=False),
    Column("compared_at", MOMENT),
)
Index("uq_trust_days_day", trust_days.c.currency, trust_days.c.day, unique=True)
