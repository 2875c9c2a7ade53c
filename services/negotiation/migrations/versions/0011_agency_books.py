"""The agency's own books, refunds, fees, remittances and the comparison of the trust account with the bank.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SETTLED = ("fees", "interest", "principal", "commission", "tax")
CASE_TABLES = ("refunds",)
CREDITOR_TABLES = ("agency_entries", "agency_postings", "fee_schedules", "remittances", "remittance_lines")
APPEND_ONLY_TABLES = ("agency_entries", "agency_postings")
# Staff see and decide the remittances and schedules of all lenders; of the cases they see nothing by that.
STAFF_TABLES = ("fee_schedules", "remittances", "remittance_lines")
UNSETTLED = (
    "(is_reversed AND (settled_fees_minor_units + settled_interest_minor_units + settled_principal_minor_units"
    " + settled_commission_minor_units) <> 0) OR (NOT is_reversed AND"
    " (fees_minor_units <> settled_fees_minor_units OR interest_minor_units <> settled_interest_minor_units"
    " OR principal_minor_units <> settled_principal_minor_units))"
)
# As the postings of cases: never out of balance, and each of its entry's creditor and currency.
CHECK_POSTINGS = """
CREATE FUNCTION check_agency_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_postings p LEFT JOIN agency_entries e
      ON e.entry_id = p.entry_id AND e.currency = p.currency AND e.creditor_id = p.creditor_id
    GROUP BY p.entry_id HAVING sum(p.minor_units) <> 0 OR count(e.entry_id) <> count(*)
  ) THEN
    RAISE EXCEPTION 'postings of an agency entry sum to zero in one currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    for part in SETTLED:
        column = sa.Column(f"settled_{part}_minor_units", sa.BigInteger, nullable=False, server_default="0")
        op.add_column("payments", column)
    op.create_index(
        "ix_payments_unsettled",
        "payments",
        ["creditor_id", "currency", "received_on", "payment_id"],
        postgresql_where=sa.text(UNSETTLED),
    )
    _create_tables()
    _keep_tenants_apart()
    op.execute(CHECK_POSTINGS)
    op.execute(
        "CREATE TRIGGER check_agency_postings AFTER INSERT ON agency_postings REFERENCING NEW TABLE AS new_postings "
        "FOR EACH STATEMENT EXECUTE FUNCTION check_agency_postings()"
    )
    for table in APPEND_ONLY_TABLES:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM concord_api, concord_worker")
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in (*CASE_TABLES, *CREDITOR_TABLES, "trust_days"):
        op.drop_table(table)
    op.execute("DROP FUNCTION check_agency_postings()")
    op.drop_index("ix_payments_unsettled", "payments")
    for part in SETTLED:
        op.drop_column("payments", f"settled_{part}_minor_units")


def _keep_tenants_apart() -> None:
    """The API's role sees one tenant; tables of cases also the one case that was opened; the workers see all."""
    tenant = "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    case = " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
    for table in (*CASE_TABLES, *CREDITOR_TABLES):
        seen = tenant + case if table in CASE_TABLES else tenant
        if table in STAFF_TABLES:
            seen += " OR current_setting('app.staff', true) = 'on'"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({seen}) WITH CHECK ({seen})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")


def _create_tables() -> None:
    op.create_table(
        "agency_entries",
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source_id", sa.Uuid, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_agency_entries"),
    )
    op.create_index("ix_agency_entries_creditor_id", "agency_entries", ["creditor_id", "currency"])
    op.create_index("uq_agency_entries_source_id", "agency_entries", ["source_id", "kind"], unique=True)
    op.create_table(
        "agency_postings",
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("minor_units", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "account", name="pk_agency_postings"),
    )
    op.create_index("ix_agency_postings_creditor_id", "agency_postings", ["creditor_id", "currency"])
    op.create_index(
        "ix_agency_postings_trust",
        "agency_postings",
        ["currency", "effective_on"],
        postgresql_where=sa.text("account = 'trust'"),
    )
    op.create_table(
        "fee_schedules",
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("schedule", JSON, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", MOMENT),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_fee_schedules_checker_is_not_maker")),
        sa.PrimaryKeyConstraint("creditor_id", "version", name="pk_fee_schedules"),
    )
    op.create_table(
        "refunds",
        sa.Column("refund_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount_minor_units > 0", name=op.f("ck_refunds_positive")),
        sa.CheckConstraint("status IN ('reserved', 'paid', 'cancelled')", name=op.f("ck_refunds_known_status")),
        sa.PrimaryKeyConstraint("refund_id", name="pk_refunds"),
    )
    op.create_index("ix_refunds_case_id", "refunds", ["case_id"])
    op.create_index(
        "ix_refunds_reserved", "refunds", ["creditor_id", "currency"], postgresql_where=sa.text("status = 'reserved'")
    )
    op.create_table(
        "remittance_lines",
        sa.Column("remittance_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("paid_to", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("fees_minor_units", sa.BigInteger, nullable=False),
        sa.Column("interest_minor_units", sa.BigInteger, nullable=False),
        sa.Column("principal_minor_units", sa.BigInteger, nullable=False),
        sa.Column("commission_minor_units", sa.BigInteger, nullable=False),
        sa.Column("tax_minor_units", sa.BigInteger, nullable=False),
        sa.Column("net_minor_units", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("remittance_id", "number", name="pk_remittance_lines"),
    )
    op.create_index("ix_remittance_lines_case_id", "remittance_lines", ["remittance_id", "case_id"])
    op.create_table(
        "remittances",
        sa.Column("remittance_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("period_from", sa.Date, nullable=False),
        sa.Column("period_to", sa.Date, nullable=False),
        sa.Column("fee_version", sa.Integer, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("totals", JSON, nullable=False),
        sa.Column("settlement", JSON),
        sa.Column("lines_hash", sa.Text, nullable=False),
        sa.Column("statement_hash", sa.Text),
        sa.Column("cursor_on", sa.Date),
        sa.Column("cursor_payment_id", sa.Uuid),
        sa.Column("told_through", sa.Uuid),
        sa.Column("undone_through", sa.Integer, nullable=False),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", MOMENT),
        sa.Column("paid_by", sa.Text),
        sa.Column("paid_at", MOMENT),
        sa.Column("paid_on", sa.Date),
        sa.Column("bank_reference", sa.Text),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_remittances_checker_is_not_maker")),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_remittances_period_in_order")),
        sa.CheckConstraint(
            "status IN ('collecting', 'drafted', 'approved', 'paid', 'cancelling', 'cancelled')",
            name=op.f("ck_remittances_known_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid') OR approved_by IS NOT NULL",
            name=op.f("ck_remittances_approved_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("remittance_id", name="pk_remittances"),
    )
    op.create_index(
        "ix_remittances_at_work",
        "remittances",
        ["status"],
        postgresql_where=sa.text("status IN ('collecting', 'cancelling')"),
    )
    op.create_index(
        "ix_remittances_untold",
        "remittances",
        ["remittance_id"],
        postgresql_where=sa.text("status = 'paid' AND told_through <> 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"),
    )
    op.create_index(
        "uq_remittances_open",
        "remittances",
        ["creditor_id", "currency"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('paid', 'cancelled')"),
    )
    op.create_index(
        "uq_remittances_period",
        "remittances",
        ["creditor_id", "currency", "period_to"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_table(
        "trust_days",
        sa.Column("statement_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("closing_minor_units", sa.BigInteger, nullable=False),
        sa.Column("unmatched_minor_units", sa.BigInteger, nullable=False),
        sa.Column("ledger_minor_units", sa.BigInteger),
        sa.Column("differences", JSON, nullable=False),
        sa.Column("compared_at", MOMENT),
        sa.PrimaryKeyConstraint("statement_id", name="pk_trust_days"),
    )
    op.create_index("uq_trust_days_day", "trust_days", ["currency", "day"], unique=True)
