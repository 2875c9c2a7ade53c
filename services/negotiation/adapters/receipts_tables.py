"""Tables of money in and out. Payers' names and texts are sealed or keyed hashes; the bank book is append-only."""

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
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata

payment_intents = Table(
    "payment_intents",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("method", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("instalment_number", Integer),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("return_to", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False),
    Column("is_paid", Boolean, nullable=False),
    Column("is_charged_back", Boolean, nullable=False),
    Column("paid_on", Date),
    Column("attempts", Integer, nullable=False),
    Column("reference", Text),
    Column("address", Text),
    Column("review", Text),
    CheckConstraint("amount_minor_units > 0", name="something"),
)
Index("ix_payment_intents_case_id", payment_intents.c.case_id)
Index("ix_payment_intents_due", payment_intents.c.due_at, postgresql_where=text("due_at IS NOT NULL"))

# No tenant wall: a notice or a transfer names a payment or a reference before its case is known. Identifiers only.
payment_keys = Table(
    "payment_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("case_id", Uuid, nullable=False),
)

# The way in of what the provider says: the API writes it down, the worker settles it.
payment_notices = Table(
    "payment_notices",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("refund_id", Uuid),
    Column("reason", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("verdict", Text),
)
Index("ix_payment_notices_unsettled", payment_notices.c.received_at, postgresql_where=text("verdict IS NULL"))

bank_statements = Table(
    "bank_statements",
    metadata,
    Column("statement_id", Uuid, primary_key=True),
    Column("account", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date, nullable=False),
    Column("opening_minor_units", BigInteger, nullable=False),
    Column("closing_minor_units", BigInteger, nullable=False),
    Column("entry_count", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account", "number", "closed_on", name="uq_bank_statements_account"),
)

bank_entries = Table(
    "bank_entries",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("statement_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("direction", Text, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("value_on", Date, nullable=False),
    Column("is_reversal", Boolean, nullable=False),
    Column("charges_minor_units", BigInteger, nullable=False),
    Column("found_references", JSON, nullable=False),
    Column("found_ids", JSON, nullable=False),
    Column("bank_reference_hash", LargeBinary),
    Column("end_to_end_hash", LargeBinary),
    Column("payer_hash", LargeBinary),
    Column("sealed", LargeBinary),
    Column("sealed_until", Date, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("proposals", JSON, nullable=False),
    Column("explained_minor_units", BigInteger, nullable=False),
    Column("ordered_as", Text),
    Column("decided_by", Text),
    Column("checked_by", Text),
    Column("reason", Text),
    Column("file_id", Uuid),
    CheckConstraint(
        "amount_minor_units > 0 AND explained_minor_units BETWEEN 0 AND amount_minor_units", name="within_amount"
    ),
)
Index("ix_bank_entries_statement_id", bank_entries.c.statement_id, bank_entries.c.position)
Index("ix_bank_entries_new", bank_entries.c.imported_at, postgresql_where=text("state = 'new'"))
Index("ix_bank_entries_queue", bank_entries.c.entry_id, postgresql_where=text("state <> 'explained'"))
Index("ix_bank_entries_sealed", bank_entries.c.sealed_until, postgresql_where=text("sealed IS NOT NULL"))
Index("ix_bank_entries_bank_reference", bank_entries.c.bank_reference_hash)
Index("ix_bank_entries_end_to_end", bank_entries.c.end_to_end_hash)

bank_allocations = Table(
    "bank_allocations",
    metadata,
    Column("allocation_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("checked_by", Text),
    CheckConstraint("amount_minor_units > 0", name="something"),
)
Index("ix_bank_allocations_entry_id", bank_allocations.c.entry_id)
Index("ix_bank_allocations_case_id", bank_allocations.c.case_id)
Index("ix_bank_allocations_ordered", bank_allocations.c.made_at, postgresql_where=text("state = 'ordered'"))

bank_movements = Table(
    "bank_movements",
    metadata,
    Column("kind", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("account", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("booked_at", DateTime(timezone=True), nullable=False),
    Column("minor_units", BigInteger, nullable=False),
    PrimaryKeyConstraint("source_id", "kind", "account"),
)
Index("ix_bank_movements_currency", bank_movements.c.currency, bank_movements.c.account, bank_movements.c.effective_on)

refund_orders = Table(
    "refund_orders",
    metadata,
    Column("refund_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("checked_by", Text),
    Column("checked_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False),
    Column("file_id", Uuid),
    CheckConstraint("amount_minor_units > 0 AND (checked_by IS NULL OR checked_by <> asked_by)", name="two_persons"),
)
Index("ix_refund_orders_case_id", refund_orders.c.case_id)
Index("ix_refund_orders_due", refund_orders.c.due_at, postgresql_where=text("due_at IS NOT NULL"))

# The simulated provider's own memory, as if it were elsewhere: nothing of negotiation reads it.
sandbox_payments = Table(
    "sandbox_payments",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("payment_id", Uuid, nullable=False, unique=True),
    Column("state", JSON, nullable=False),
)
