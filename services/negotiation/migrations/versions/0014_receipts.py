"""Payments that borrowers begin, what the provider says of them, bank statements and their matching, refunds.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CASE = "case_id = NULLIF(current_setting('app.case', true), '')::uuid"
TENANT = "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
STAFF = "current_setting('app.staff', true) = 'on'"
SEEN = {
    "payment_intents": f"{CASE} OR {TENANT} OR {STAFF}",
    "payment_notices": f"{CASE} OR {STAFF}",
    "refund_orders": f"{CASE} OR {TENANT} OR {STAFF}",
    # The agency's own bank account: staff only, whichever case an entry is for.
    "bank_statements": STAFF,
    "bank_entries": STAFF,
    "bank_allocations": STAFF,
    "bank_movements": STAFF,
}
TABLES = (*SEEN, "payment_keys", "sandbox_payments")
# Looks at all rows of one statement together: a booking is never out of balance, not even inside its transaction.
CHECK = """
CREATE FUNCTION check_bank_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_rows GROUP BY source_id, kind HAVING sum(minor_units) <> 0 OR count(DISTINCT currency) <> 1
  ) THEN
    RAISE EXCEPTION 'a booking of the bank book sums to zero in one currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    _create_payment_intents()
    _create_payment_keys()
    _create_payment_notices()
    _create_bank_statements()
    _create_bank_entries()
    _create_bank_allocations()
    _create_bank_movements()
    _create_refund_orders()
    _create_sandbox_payments()
    for table, seen in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({seen}) WITH CHECK ({seen})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")
    op.execute(CHECK)
    op.execute(
        "CREATE TRIGGER check_bank_movements AFTER INSERT ON bank_movements REFERENCING NEW TABLE AS new_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION check_bank_movements()"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON bank_movements FROM concord_api, concord_worker")
    op.execute("REVOKE INSERT ON bank_movements FROM concord_api")
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_movements "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION check_bank_movements")


def _create_payment_intents() -> None:
    op.create_table(
        "payment_intents",
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("instalment_number", sa.Integer, nullable=True),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("return_to", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("is_paid", sa.Boolean, nullable=False),
        sa.Column("is_charged_back", sa.Boolean, nullable=False),
        sa.Column("paid_on", sa.Date, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reference", sa.Text, nullable=True),
        sa.Column("address", sa.Text, nullable=True),
        sa.Column("review", sa.Text, nullable=True),
        sa.CheckConstraint("amount_minor_units > 0", name=op.f("ck_payment_intents_something")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment_intents")),
    )
    op.create_index("ix_payment_intents_case_id", "payment_intents", ["case_id"], unique=False)
    op.create_index(
        "ix_payment_intents_due",
        "payment_intents",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _create_payment_keys() -> None:
    op.create_table(
        "payment_keys",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_payment_keys")),
    )


def _create_payment_notices() -> None:
    op.create_table(
        "payment_notices",
        sa.Column("notice_id", sa.Text, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("refund_id", sa.Uuid, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_payment_notices")),
    )
    op.create_index(
        "ix_payment_notices_unsettled",
        "payment_notices",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("verdict IS NULL"),
    )


def _create_bank_statements() -> None:
    op.create_table(
        "bank_statements",
        sa.Column("statement_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("closed_on", sa.Date, nullable=False),
        sa.Column("opening_minor_units", sa.BigInteger, nullable=False),
        sa.Column("closing_minor_units", sa.BigInteger, nullable=False),
        sa.Column("entry_count", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_bank_statements")),
        sa.UniqueConstraint("account", "number", "closed_on", name="uq_bank_statements_account"),
    )


def _create_bank_entries() -> None:
    op.create_table(
        "bank_entries",
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("statement_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("value_on", sa.Date, nullable=False),
        sa.Column("is_reversal", sa.Boolean, nullable=False),
        sa.Column("charges_minor_units", sa.BigInteger, nullable=False),
        sa.Column("found_references", JSON, nullable=False),
        sa.Column("found_ids", JSON, nullable=False),
        sa.Column("bank_reference_hash", sa.LargeBinary, nullable=True),
        sa.Column("end_to_end_hash", sa.LargeBinary, nullable=True),
        sa.Column("payer_hash", sa.LargeBinary, nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.Column("sealed_until", sa.Date, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=True),
        sa.Column("proposals", JSON, nullable=False),
        sa.Column("explained_minor_units", sa.BigInteger, nullable=False),
        sa.Column("ordered_as", sa.Text, nullable=True),
        sa.Column("decided_by", sa.Text, nullable=True),
        sa.Column("checked_by", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("file_id", sa.Uuid, nullable=True),
        sa.CheckConstraint(
            "amount_minor_units > 0 AND explained_minor_units BETWEEN 0 AND amount_minor_units",
            name=op.f("ck_bank_entries_within_amount"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_bank_entries")),
    )
    op.create_index("ix_bank_entries_bank_reference", "bank_entries", ["bank_reference_hash"], unique=False)
    op.create_index("ix_bank_entries_end_to_end", "bank_entries", ["end_to_end_hash"], unique=False)
    op.create_index(
        "ix_bank_entries_new", "bank_entries", ["imported_at"], unique=False, postgresql_where=sa.text("state = 'new'")
    )
    op.create_index(
        "ix_bank_entries_queue",
        "bank_entries",
        ["entry_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'explained'"),
    )
    op.create_index(
        "ix_bank_entries_sealed",
        "bank_entries",
        ["sealed_until"],
        unique=False,
        postgresql_where=sa.text("sealed IS NOT NULL"),
    )
    op.create_index("ix_bank_entries_statement_id", "bank_entries", ["statement_id", "position"], unique=False)


def _create_bank_allocations() -> None:
    op.create_table(
        "bank_allocations",
        sa.Column("allocation_id", sa.Uuid, nullable=False),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("checked_by", sa.Text, nullable=True),
        sa.CheckConstraint("amount_minor_units > 0", name=op.f("ck_bank_allocations_something")),
        sa.PrimaryKeyConstraint("allocation_id", name=op.f("pk_bank_allocations")),
    )
    op.create_index("ix_bank_allocations_entry_id", "bank_allocations", ["entry_id"], unique=False)
    op.create_index("ix_bank_allocations_case_id", "bank_allocations", ["case_id"], unique=False)
    op.create_index(
        "ix_bank_allocations_ordered",
        "bank_allocations",
        ["made_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ordered'"),
    )


def _create_bank_movements() -> None:
    op.create_table(
        "bank_movements",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minor_units", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "kind", "account", name=op.f("pk_bank_movements")),
    )
    op.create_index(
        "ix_bank_movements_currency", "bank_movements", ["currency", "account", "effective_on"], unique=False
    )


def _create_refund_orders() -> None:
    op.create_table(
        "refund_orders",
        sa.Column("refund_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Text, nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("file_id", sa.Uuid, nullable=True),
        sa.CheckConstraint(
            "amount_minor_units > 0 AND (checked_by IS NULL OR checked_by <> asked_by)",
            name=op.f("ck_refund_orders_two_persons"),
        ),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_refund_orders")),
    )
    op.create_index("ix_refund_orders_case_id", "refund_orders", ["case_id"], unique=False)
    op.create_index(
        "ix_refund_orders_due",
        "refund_orders",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _create_sandbox_payments() -> None:
    op.create_table(
        "sandbox_payments",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("state", JSON, nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_sandbox_payments")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_sandbox_payments_payment_id")),
    )
