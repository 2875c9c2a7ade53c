"""Who gets in to a borrower's pages, and who looked at a case's file.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("portal_links", "portal_guesses", "portal_sessions", "portal_link_requests", "file_looks")
SEEN = (
    "creditor_id = NULLIF(current_setting('app.tenant', true), '')::uuid"
    " OR case_id = NULLIF(current_setting('app.case', true), '')::uuid"
)


def upgrade() -> None:
    _create_tables()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_tenant ON {table} TO concord_api USING ({SEEN}) WITH CHECK ({SEEN})")
        op.execute(f"CREATE POLICY all_tenants ON {table} TO concord_worker USING (true) WITH CHECK (true)")
    # Staff read the requests of all cases as one list; a request names a case and nothing of a person.
    op.execute(
        "CREATE POLICY staff_list ON portal_link_requests FOR SELECT TO concord_api"
        " USING (current_setting('app.queue', true) = 'portal_link_requests')"
    )
    # What somebody looked at is not taken back.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON file_looks FROM concord_api, concord_worker")


def _create_tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "portal_links",
        sa.Column("link_hash", sa.LargeBinary, nullable=False),
        *_owner(),
        sa.Column("used_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("link_hash", name="pk_portal_links"),
    )
    op.create_table(
        "portal_guesses",
        sa.Column("guess_id", sa.Uuid, nullable=False),
        sa.Column("link_hash", sa.LargeBinary, nullable=False),
        *_owner(),
        sa.Column("at", moment, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("guess_id", name="pk_portal_guesses"),
        sa.CheckConstraint(
            "outcome IN ('pending', 'wrong', 'right', 'not_checked')",
            name=op.f("ck_portal_guesses_known_outcome"),
        ),
    )
    op.create_index("ix_portal_guesses_case_id", "portal_guesses", ["case_id", "at"])
    op.create_table(
        "portal_sessions",
        sa.Column("key_hash", sa.LargeBinary, nullable=False),
        *_owner(),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("factor", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_portal_sessions"),
    )
    op.create_index("ix_portal_sessions_case_id", "portal_sessions", ["case_id"])
    op.create_table(
        "portal_link_requests",
        sa.Column("request_id", sa.Uuid, nullable=False),
        *_owner(),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answered_at", moment),
        sa.Column("answered_by", sa.Text),
        sa.PrimaryKeyConstraint("request_id", name="pk_portal_link_requests"),
    )
    op.create_index("ix_portal_link_requests_case_id", "portal_link_requests", ["case_id"])
    op.create_index(
        "ix_portal_link_requests_open",
        "portal_link_requests",
        ["asked_at"],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "file_looks",
        sa.Column("look_id", sa.Uuid, nullable=False),
        *_owner(),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("looker", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("look_id", name="pk_file_looks"),
    )
    op.create_index("ix_file_looks_case_id", "file_looks", ["case_id", "at"])


def _owner() -> tuple[sa.Column[object], sa.Column[object]]:
    return sa.Column("case_id", sa.Uuid, nullable=False), sa.Column("creditor_id", sa.Uuid, nullable=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
