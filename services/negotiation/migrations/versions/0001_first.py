"""The plumbing, the cases with their books, offers, plans and what follows a broken one; tenants kept apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

from shared.outbox.tables import create_plumbing_tables

revision = "0001"
down_revision = None

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
APPEND_ONLY_TABLES = ("ledger_entries", "postings", "counter_offers")

# Looks at all postings of one statement together, so a batch costs one query; an entry is never out of balance, not
# even inside its transaction. Also: no posting without its entry, and none in another currency or of another case.
CHECK_POSTINGS = """
CREATE FUNCTION check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_postings p LEFT JOIN ledger_entries e
      ON e.entry_id = p.entry_id AND e.currency = p.currency AND e.case_id = p.case_id
    GROUP BY p.entry_id HAVING sum(p.minor_units) <> 0 OR count(e.entry_id) <> count(*)
  ) THEN
    RAISE EXCEPTION 'postings of an entry sum to zero in one currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
DIFFERENCES = """
CREATE VIEW ledger_differences WITH (security_invoker) AS
SELECT c.case_id FROM cases c LEFT JOIN postings p USING (case_id)
GROUP BY c.case_id
HAVING coalesce(sum(p.minor_units), 0) <> 0
  OR coalesce(sum(p.minor_units) FILTER (WHERE p.account = 'fees'), 0) <> c.fees_minor_units
  OR coalesce(sum(p.minor_units) FILTER (WHERE p.account = 'interest'), 0) <> c.interest_minor_units
  OR coalesce(sum(p.minor_units) FILTER (WHERE p.account = 'principal'), 0) <> c.principal_minor_units
  OR coalesce(-sum(p.minor_units) FILTER (WHERE p.account = 'overpaid'), 0) <> c.overpaid_minor_units
"""


def upgrade() -> None:
    create_plumbing_tables(op)
    _create_tables()
    op.execute(CHECK_POSTINGS)
    op.execute(REFUSE_CHANGE)
    op.execute(
        "CREATE TRIGGER check_postings AFTER INSERT ON postings REFERENCING NEW TABLE AS new_postings "
        "FOR EACH STATEMENT EXECUTE FUNCTION check_postings()"
    )
    for table in APPEND_ONLY_TABLES:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM concord_api, concord_worker")
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(DIFFERENCES)
    for table in TENANT_TABLES:
        _keep_tenants_apart(table)
    # The API shows clearances to whoever has the code; only the books make or withdraw them.
    op.execute("REVOKE INSERT, UPDATE, DELETE ON clearances FROM concord_api")
    # Balances and instalments change in place all day: room on the page keeps their indexes out of it (HOT).
    for table in ("cases", "instalments", "offers"):
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 80)")


def _keep_tenants_apart(table: str) -> None:
    """The API's role sees one tenant, or the one case whose link was opened; the workers see all."""
    seen = (
        "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
        " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({seen}) WITH CHECK ({seen})")
    op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")


def _create_tables() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("time_zones", JSON, nullable=False),
        sa.Column("mandate", JSON, nullable=False),
        sa.Column("regular_instalment_minor_units", sa.BigInteger, nullable=False),
        sa.Column("fees_minor_units", sa.BigInteger, nullable=False),
        sa.Column("interest_minor_units", sa.BigInteger, nullable=False),
        sa.Column("principal_minor_units", sa.BigInteger, nullable=False),
        sa.Column("overpaid_minor_units", sa.BigInteger, nullable=False),
        sa.Column("assessment", JSON),
        sa.Column("plan_id", sa.Uuid),
        sa.Column("plan_status", sa.Text),
        sa.Column("closed", sa.Text),
        sa.Column("rounds", sa.Integer, nullable=False),
        sa.Column("defaults", sa.Integer, nullable=False),
        sa.Column("is_erased", sa.Boolean, nullable=False),
        sa.CheckConstraint(
            "fees_minor_units >= 0 AND interest_minor_units >= 0 AND principal_minor_units >= 0"
            " AND overpaid_minor_units >= 0",
            name="ck_cases_never_negative",
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    op.create_table(
        "clearances",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("code", name="pk_clearances"),
        sa.UniqueConstraint("case_id", name="uq_clearances_case_id"),
    )
    op.create_table(
        "counter_offers",
        sa.Column("counter_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("offer_id", sa.Uuid),
        sa.Column("plan_id", sa.Uuid),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("counter_id", name="pk_counter_offers"),
    )
    op.create_index("ix_counter_offers_case_id", "counter_offers", ["case_id"])
    op.create_table(
        "erased_cases",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_erased_cases"),
    )
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("is_released", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name="pk_holds"),
    )
    op.create_index("ix_holds_case_id", "holds", ["case_id"])
    op.create_table(
        "instalments",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("paid_minor_units", sa.BigInteger, nullable=False),
        sa.Column("is_watched", sa.Boolean, nullable=False),
        sa.Column("watch_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_instalments"),
    )
    op.create_index("ix_instalments_due", "instalments", ["watch_at"], postgresql_where=sa.text("is_watched"))
    op.create_table(
        "ledger_entries",
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_ledger_entries"),
    )
    op.create_index("ix_ledger_entries_case_id", "ledger_entries", ["case_id"])
    op.create_index("uq_ledger_entries_source_id", "ledger_entries", ["source_id", "kind"], unique=True)
    op.create_table(
        "offers",
        sa.Column("offer_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("total_minor_units", sa.BigInteger, nullable=False),
        sa.Column("discount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("instalment_count", sa.Integer, nullable=False),
        sa.Column("first_due_on", sa.Date, nullable=False),
        sa.Column("pause_until", sa.Date),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("prepared_on", sa.Date, nullable=False),
        sa.Column("terms_hash", sa.Text),
        sa.Column("proposed_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("offer_id", name="pk_offers"),
    )
    op.create_index(
        "ix_offers_current", "offers", ["case_id"], postgresql_where=sa.text("status IN ('prepared', 'proposed')")
    )
    op.create_table(
        "payments",
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("fees_minor_units", sa.BigInteger, nullable=False),
        sa.Column("interest_minor_units", sa.BigInteger, nullable=False),
        sa.Column("principal_minor_units", sa.BigInteger, nullable=False),
        sa.Column("overpaid_minor_units", sa.BigInteger, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_reversed", sa.Boolean, nullable=False),
        sa.CheckConstraint(
            "amount_minor_units = fees_minor_units + interest_minor_units + principal_minor_units"
            " + overpaid_minor_units",
            name="ck_payments_wholly_allocated",
        ),
        sa.PrimaryKeyConstraint("payment_id", name="pk_payments"),
    )
    op.create_index("ix_payments_case_id", "payments", ["case_id"])
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("offer_id", sa.Uuid),
        sa.Column("replaces_plan_id", sa.Uuid),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("terms_hash", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("waived_fees_minor_units", sa.BigInteger, nullable=False),
        sa.Column("waived_interest_minor_units", sa.BigInteger, nullable=False),
        sa.Column("waived_principal_minor_units", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name="pk_plans"),
    )
    op.create_index("ix_plans_case_id", "plans", ["case_id"])
    op.create_index("uq_plans_active", "plans", ["case_id"], unique=True, postgresql_where=sa.text("status = 'active'"))
    op.create_table(
        "playbook_steps",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("cause_event_id", sa.Uuid),
        sa.PrimaryKeyConstraint("plan_id", "step", "at", name="pk_playbook_steps"),
    )
    op.create_index("ix_playbook_steps_case_id", "playbook_steps", ["case_id"])
    op.create_table(
        "postings",
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("minor_units", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "account", name="pk_postings"),
    )
    op.create_index("ix_postings_case_id", "postings", ["case_id"])
    op.create_table(
        "waiting_reversals",
        sa.Column("reversal_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("reversal_id", name="pk_waiting_reversals"),
    )
    op.create_index("ix_waiting_reversals_case_id", "waiting_reversals", ["case_id"])
