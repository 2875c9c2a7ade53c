"""The tables of negotiation. Every row of a case carries its creditor; row-level security keeps tenants apart.

The entries and postings are append-only; one row of `cases` per case is the lock for everything about it.
"""

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
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from shared.db.database import new_metadata
from shared.outbox.tables import add_plumbing_tables

metadata = new_metadata()
add_plumbing_tables(metadata)

TENANT_TABLES = (
    "cases",
    "erased_cases",
    "offers",
    "counter_offers",
    "plans",
    "instalments",
    "ledger_entries",
    "postings",
    "payments",
    "waiting_reversals",
    "holds",
    "playbook_steps",
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("time_zones", JSON, nullable=False),
    Column("mandate", JSON, nullable=False),
    Column("regular_instalment_minor_units", BigInteger, nullable=False),
    Column("person_id", Uuid),
    Column("contract", JSON),
    Column("means", JSON),
    Column("fees_minor_units", BigInteger, nullable=False),
    Column("interest_minor_units", BigInteger, nullable=False),
    Column("principal_minor_units", BigInteger, nullable=False),
    Column("overpaid_minor_units", BigInteger, nullable=False),
    Column("assessment", JSON),
    Column("plan_id", Uuid),
    Column("plan_status", Text),
    Column("closed", Text),
    Column("rounds", Integer, nullable=False),
    Column("defaults", Integer, nullable=False),
    Column("is_erased", Boolean, nullable=False),
    CheckConstraint(
        "fees_minor_units >= 0 AND interest_minor_units >= 0 AND principal_minor_units >= 0"
        " AND overpaid_minor_units >= 0",
        name="never_negative",
    ),
)

Index("ix_cases_person_id", cases.c.person_id)

erased_cases = Table(
    "erased_cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
)

offers = Table(
    "offers",
    metadata,
    Column("offer_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("total_minor_units", BigInteger, nullable=False),
    Column("discount_minor_units", BigInteger, nullable=False),
    Column("instalment_count", Integer, nullable=False),
    Column("first_due_on", Date, nullable=False),
    Column("pause_until", Date),
    Column("form", Text),
    Column("frequency", Text, nullable=False, server_default="monthly"),
    Column("pay_day", Integer),
    Column("steps", JSON, nullable=False, server_default="[]"),
    Column("reasons", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("prepared_on", Date, nullable=False),
    Column("terms_hash", Text),
    Column("proposed_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
)
Index(
    "ix_offers_current",
    offers.c.case_id,
    postgresql_where=text("status IN ('prepared', 'proposed')"),
)

counter_offers = Table(
    "counter_offers",
    metadata,
    Column("counter_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("round", Integer, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("offer_id", Uuid),
    Column("plan_id", Uuid),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
Index("ix_counter_offers_case_id", counter_offers.c.case_id)

plans = Table(
    "plans",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("offer_id", Uuid),
    Column("replaces_plan_id", Uuid),
    Column("terms", JSON, nullable=False),
    Column("terms_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("agreed_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("waived_fees_minor_units", BigInteger, nullable=False),
    Column("waived_interest_minor_units", BigInteger, nullable=False),
    Column("waived_principal_minor_units", BigInteger, nullable=False),
)
Index("ix_plans_case_id", plans.c.case_id)
# The second wall behind the lock of the case row: one running plan per case.
Index("uq_plans_active", plans.c.case_id, unique=True, postgresql_where=text("status = 'active'"))

instalments = Table(
    "instalments",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("paid_minor_units", BigInteger, nullable=False),
    Column("is_watched", Boolean, nullable=False),
    Column("watch_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("plan_id", "number"),
)
# Millions of future instalments cost nothing: the sweep reads the due end of this index.
Index("ix_instalments_due", instalments.c.watch_at, postgresql_where=text("is_watched"))

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("booked_at", DateTime(timezone=True), nullable=False),
)
Index("ix_ledger_entries_case_id", ledger_entries.c.case_id)
Index("uq_ledger_entries_source_id", ledger_entries.c.source_id, ledger_entries.c.kind, unique=True)

postings = Table(
    "postings",
    metadata,
    Column("entry_id", Uuid, nullable=False),
    Column("account", Text, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor_units", BigInteger, nullable=False),
    PrimaryKeyConstraint("entry_id", "account"),
)
Index("ix_postings_case_id", postings.c.case_id)

payments = Table(
    "payments",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("plan_id", Uuid),
    Column("currency", Text, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("fees_minor_units", BigInteger, nullable=False),
    Column("interest_minor_units", BigInteger, nullable=False),
    Column("principal_minor_units", BigInteger, nullable=False),
    Column("overpaid_minor_units", BigInteger, nullable=False),
    Column("refunded_minor_units", BigInteger, nullable=False, server_default=text("0")),
    Column("received_on", Date, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("is_reversed", Boolean, nullable=False),
    Column("paid_to", Text, nullable=False, server_default=text("'creditor'")),
    Column("settled_fees_minor_units", BigInteger, nullable=False, server_default=text("0")),
    Column("settled_interest_minor_units", BigInteger, nullable=False, server_default=text("0")),
    Column("settled_principal_minor_units", BigInteger, nullable=False, server_default=text("0")),
    Column("settled_commission_minor_units", BigInteger, nullable=False, server_default=text("0")),
    Column("settled_tax_minor_units", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint(
        "amount_minor_units = fees_minor_units + interest_minor_units + principal_minor_units + overpaid_minor_units"
        " + refunded_minor_units",
        name="wholly_allocated",
    ),
)
Index("ix_payments_case_id", payments.c.case_id)

waiting_reversals = Table(
    "waiting_reversals",
    metadata,
    Column("reversal_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
)
Index("ix_waiting_reversals_case_id", waiting_reversals.c.case_id)

holds = Table(
    "holds",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("is_released", Boolean, nullable=False),
)
Index("ix_holds_case_id", holds.c.case_id)

playbook_steps = Table(
    "playbook_steps",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("cause_event_id", Uuid),
    PrimaryKeyConstraint("plan_id", "step", "at"),
)
Index("ix_playbook_steps_case_id", playbook_steps.c.case_id)

# No creditor and no tenant wall: whoever holds the code may check it, and it names nobody.
clearances = Table(
    "clearances",
    metadata,
    Column("code", Text, primary_key=True),
    Column("case_id", Uuid, nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("cleared_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("is_followed", Boolean, nullable=False, server_default=text("false")),
)
Index(
    "ix_clearances_waiting",
    clearances.c.cleared_at,
    postgresql_where=text("NOT is_followed AND withdrawn_at IS NULL"),
)
