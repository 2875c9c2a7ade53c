"""The plumbing, the vault, cases and payments, and the wall between tenants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

from shared.outbox.tables import create_plumbing_tables

revision = "0001"
down_revision = None

TENANT_TABLES = (
    "creditors",
    "creditor_keys",
    "batches",
    "persons",
    "contact_points",
    "accounts",
    "cases",
    "rejections",
    "payments",
    "case_holds",
)
# After a transaction the setting is '' and not NULL, and '' is no UUID. In a sub-select it is read once a statement.
_TENANT = "creditor_id = (SELECT NULLIF(current_setting('app.tenant', true), '')::uuid)"


def upgrade() -> None:
    create_plumbing_tables(op)
    _create_tables()
    for table in TENANT_TABLES:
        # FORCE: the owner of the table is behind the wall too, whoever runs the migrations.
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({_TENANT}) WITH CHECK ({_TENANT})")
        op.execute(f"CREATE POLICY every_tenant ON {table} TO concord_worker USING (true) WITH CHECK (true)")
    # Follow-up events update a case some times in its life: room on the page for it.
    op.execute("ALTER TABLE cases SET (fillfactor = 85)")


def _create_tables() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("number_index", sa.LargeBinary),
        sa.Column("number_sealed", sa.LargeBinary),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("originated_on", sa.Date, nullable=False),
        sa.Column("original_principal_minor_units", sa.BigInteger, nullable=False),
        sa.Column("annual_rate_basis_points", sa.Integer, nullable=False),
        sa.Column("term_months", sa.SmallInteger, nullable=False),
        sa.Column("instalment_minor_units", sa.BigInteger, nullable=False),
        sa.Column("first_due_on", sa.Date, nullable=False),
        sa.Column("history", JSON, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_accounts"),
        sa.UniqueConstraint("creditor_id", "account_id", name="uq_accounts_creditor_id_account_id"),
        sa.UniqueConstraint("creditor_id", "number_index", name="uq_accounts_creditor_id_number_index"),
    )
    op.create_index("ix_accounts_person_id", "accounts", ["person_id"])
    op.create_table(
        "creditors",
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("licence_expires_on", sa.Date, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("mandate", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("creditor_id", name="pk_creditors"),
    )
    op.create_table(
        "persons",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary),
        sa.Column("identity_index", sa.LargeBinary),
        sa.Column("born_sealed", sa.LargeBinary),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("region", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_persons"),
        sa.UniqueConstraint("creditor_id", "identity_index", name="uq_persons_creditor_id_identity_index"),
        sa.UniqueConstraint("creditor_id", "person_id", name="uq_persons_creditor_id_person_id"),
    )
    op.create_table(
        "batches",
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Integer),
        sa.Column("rejected", sa.Integer),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accepted + rejected = records", name="ck_batches_complete"),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditors.creditor_id"], name="fk_batches_creditor_id_creditors"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batches"),
        sa.UniqueConstraint("creditor_id", "batch_id", name="uq_batches_creditor_id_batch_id"),
    )
    op.create_table(
        "contact_points",
        sa.Column("contact_point_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("is_verified", sa.Boolean, nullable=False),
        sa.Column("may_be_used", sa.Boolean),
        sa.Column("time_zones", JSON, nullable=False),
        sa.Column("value_sealed", sa.LargeBinary, nullable=False),
        sa.Column("value_index", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["creditor_id", "person_id"],
            ["persons.creditor_id", "persons.person_id"],
            name="fk_contact_points_creditor_id_person_id_persons",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_point_id", name="pk_contact_points"),
        sa.UniqueConstraint(
            "creditor_id", "person_id", "value_index", name="uq_contact_points_creditor_id_person_id_value_index"
        ),
    )
    op.create_index("ix_contact_points_value", "contact_points", ["creditor_id", "value_index"])
    op.create_table(
        "creditor_keys",
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["creditor_id"], ["creditors.creditor_id"], name="fk_creditor_keys_creditor_id_creditors"
        ),
        sa.PrimaryKeyConstraint("key_id", name="pk_creditor_keys"),
    )
    op.create_index("ix_creditor_keys_creditor_id", "creditor_keys", ["creditor_id"])
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("record_number", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("fees_minor_units", sa.BigInteger, nullable=False),
        sa.Column("interest_minor_units", sa.BigInteger, nullable=False),
        sa.Column("principal_minor_units", sa.BigInteger, nullable=False),
        sa.Column("arrears_minor_units", sa.BigInteger, nullable=False),
        sa.Column("days_past_due", sa.Integer, nullable=False),
        sa.Column("oldest_due_on", sa.Date, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("checklist", JSON, nullable=False),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("recalled_at", sa.DateTime(timezone=True)),
        sa.Column("recall_reason", sa.Text),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("plan_agreed_at", sa.DateTime(timezone=True)),
        sa.Column("plan_broken_at", sa.DateTime(timezone=True)),
        sa.Column("plan_completed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("status IN ('open', 'recalled', 'closed')", name="ck_cases_status"),
        sa.ForeignKeyConstraint(
            ["creditor_id", "account_id"],
            ["accounts.creditor_id", "accounts.account_id"],
            name="fk_cases_creditor_id_account_id_accounts",
        ),
        sa.ForeignKeyConstraint(
            ["creditor_id", "batch_id"],
            ["batches.creditor_id", "batches.batch_id"],
            name="fk_cases_creditor_id_batch_id_batches",
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
        sa.UniqueConstraint("creditor_id", "case_id", name="uq_cases_creditor_id_case_id"),
    )
    op.create_index("ix_cases_account_id", "cases", ["account_id"])
    op.create_index("ix_cases_batch_id", "cases", ["batch_id", "case_id"])
    op.create_index("ix_cases_person_id", "cases", ["person_id"])
    op.create_index(
        "uq_cases_open_account",
        "cases",
        ["creditor_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "rejections",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("record_number", sa.Integer, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["creditor_id", "batch_id"],
            ["batches.creditor_id", "batches.batch_id"],
            name="fk_rejections_creditor_id_batch_id_batches",
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_rejections"),
    )
    op.create_table(
        "case_holds",
        sa.Column("hold_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["creditor_id", "case_id"],
            ["cases.creditor_id", "cases.case_id"],
            name="fk_case_holds_creditor_id_case_id_cases",
        ),
        sa.PrimaryKeyConstraint("hold_id", name="pk_case_holds"),
    )
    op.create_index("ix_case_holds_case_id", "case_holds", ["case_id"])
    op.create_table(
        "payments",
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("reference_index", sa.LargeBinary, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("reverses_payment_id", sa.Uuid),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor_units > 0", name="ck_payments_positive"),
        sa.ForeignKeyConstraint(
            ["creditor_id", "case_id"],
            ["cases.creditor_id", "cases.case_id"],
            name="fk_payments_creditor_id_case_id_cases",
        ),
        sa.ForeignKeyConstraint(
            ["creditor_id", "reverses_payment_id"],
            ["payments.creditor_id", "payments.payment_id"],
            name="fk_payments_creditor_id_reverses_payment_id_payments",
        ),
        sa.PrimaryKeyConstraint("payment_id", name="pk_payments"),
        sa.UniqueConstraint("creditor_id", "payment_id", name="uq_payments_creditor_id_payment_id"),
        sa.UniqueConstraint("creditor_id", "reference_index", name="uq_payments_creditor_id_reference_index"),
        sa.UniqueConstraint("creditor_id", "reverses_payment_id", name="uq_payments_creditor_id_reverses_payment_id"),
    )
    op.create_index("ix_payments_case_id", "payments", ["case_id"])
