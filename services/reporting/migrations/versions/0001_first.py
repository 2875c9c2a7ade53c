"""The journal, the figures, and who may see what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.outbox.tables import create_plumbing_tables

revision = "0001"
down_revision = None

FIGURES = (
    "cases",
    "open_cases",
    "placed_minor_units",
    "balance_minor_units",
    "collected_minor_units",
    "waived_minor_units",
    "assessed",
    "contacted",
    "replied",
    "proposed",
    "agreed",
    "completed",
    "defaulted",
    "closed",
    "recalled",
    "on_hold",
    "complaints_open",
    "disputes_open",
)
TENANT_TABLES = ("journal", "movements", "cases", "portfolio", "batches", "batch_months", "tallies")
WALL_CLOCK = sa.text("clock_timestamp()")


def upgrade() -> None:
    create_plumbing_tables(op)
    _journal()
    _cases()
    _figures()
    _topics()
    _append_only()
    _tenants()


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("key", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("correlation_id", sa.Uuid, nullable=False),
        sa.Column("causation_id", sa.Uuid),
        sa.Column("trace_id", sa.Text),
        sa.Column("body", postgresql.JSON, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=WALL_CLOCK),
        sa.PrimaryKeyConstraint("position", name="pk_journal"),
        sa.UniqueConstraint("event_id", name="uq_journal_event_id"),
    )
    op.create_index("ix_journal_key", "journal", ["key", "position"])
    op.create_table(
        "journal_head",
        sa.Column("id", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_head"),
        sa.CheckConstraint("id = 1", name="ck_journal_head_one_row"),
    )
    op.execute("INSERT INTO journal_head (id, position, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'))")
    # One row, updated by every batch: room on its page keeps the updates in place.
    op.execute("ALTER TABLE journal_head SET (fillfactor = 10)")
    op.create_table(
        "movements",
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("currency", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger, nullable=False),
        sa.Column("overpaid_minor_units", sa.BigInteger, nullable=False),
        sa.Column("balance_minor_units", sa.BigInteger),
        sa.Column("payment_id", sa.Text),
        sa.PrimaryKeyConstraint("event_id", name="pk_movements"),
    )
    op.create_index("ix_movements_case", "movements", ["creditor_id", "case_id"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("is_placed", sa.Boolean, nullable=False),
        sa.Column("currency", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("risk_grade", sa.Text),
        sa.Column("is_on_hold", sa.Boolean, nullable=False),
        sa.Column("placed_on", sa.Date),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", postgresql.JSON, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    placed = sa.text("is_placed")
    newest = sa.text("case_id DESC")
    op.create_index("ix_cases_creditor", "cases", ["creditor_id", newest], postgresql_where=placed)
    op.create_index("ix_cases_status", "cases", ["status", newest], postgresql_where=placed)
    op.execute("ALTER TABLE cases SET (fillfactor = 70)")


def _figures() -> None:
    op.create_table(
        "portfolio",
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in FIGURES),
        sa.PrimaryKeyConstraint("creditor_id", "currency", name="pk_portfolio"),
    )
    op.create_table(
        "batches",
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("accepted", sa.BigInteger, nullable=False),
        sa.Column("rejected", sa.BigInteger, nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False, server_default=WALL_CLOCK),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batches"),
    )
    op.create_index("ix_batches_creditor_id", "batches", ["creditor_id"])
    op.create_table(
        "batch_months",
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("month", sa.Integer, nullable=False),
        sa.Column("placed_minor_units", sa.BigInteger, nullable=False),
        sa.Column("collected_minor_units", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "creditor_id", "currency", "month", name="pk_batch_months"),
    )
    op.create_table(
        "tallies",
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("dimension", sa.Text, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("creditor_id", "measure", "dimension", name="pk_tallies"),
    )


def _topics() -> None:
    op.create_table(
        "topics",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("last_recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", postgresql.JSON, nullable=False),
        sa.PrimaryKeyConstraint("topic", name="pk_topics"),
    )
    op.execute("ALTER TABLE topics SET (fillfactor = 50)")


def _append_only() -> None:
    """Rights are taken from the roles; the trigger also stops who has them by mistake, the owner included."""
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON journal, movements FROM concord_api, concord_worker")
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON journal, journal_head, movements FROM concord_api")
    op.execute("REVOKE INSERT, DELETE, TRUNCATE ON journal_head FROM concord_worker")
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for table in ("journal", "movements"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _tenants() -> None:
    """The worker works for all creditors. The API sees one creditor's rows, or all where staff ask (`*`)."""
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY every_tenant ON {table} TO concord_worker USING (true) WITH CHECK (true)")
        # A setting made in an earlier transaction of a pooled session reads as '', which no identifier equals.
        op.execute(
            f"CREATE POLICY own_tenant ON {table} FOR SELECT TO concord_api USING ("
            "current_setting('app.tenant', true) = '*' "
            "OR creditor_id = NULLIF(NULLIF(current_setting('app.tenant', true), ''), '*')::uuid)"
        )
