"""Agreed plans one by one: a borrower may withdraw from one, and a later one stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TENANT = "creditor_id = (SELECT NULLIF(current_setting('app.tenant', true), '')::uuid)"


def upgrade() -> None:
    op.create_table(
        "agreed_plans",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("creditor_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["creditor_id", "case_id"],
            ["cases.creditor_id", "cases.case_id"],
            name="fk_agreed_plans_creditor_id_case_id_cases",
        ),
        sa.PrimaryKeyConstraint("plan_id", name="pk_agreed_plans"),
    )
    op.create_index("ix_agreed_plans_case_id", "agreed_plans", ["case_id"])
    op.execute("ALTER TABLE agreed_plans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_tenant ON agreed_plans TO concord_api USING ({_TENANT}) WITH CHECK ({_TENANT})")
    op.execute("CREATE POLICY every_tenant ON agreed_plans TO concord_worker USING (true) WITH CHECK (true)")
