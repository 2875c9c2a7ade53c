"""The workbench: staff and certificates, the queue of what needs a person, calls by hand and their notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "staff_members",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_members"),
    )
    op.create_table(
        "certificates",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", name="pk_certificates"),
    )
    op.create_index("ix_certificates_staff_id", "certificates", ["staff_id"], unique=False)
    op.create_table(
        "certificate_revocations",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revoked_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", name="pk_certificate_revocations"),
    )
    op.create_table(
        "work_items",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_vulnerable", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("weighed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sticky_to", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("item_id", name="pk_work_items"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_work_items_kind_subject_id"),
    )
    op.create_index(
        "ix_work_items_done",
        "work_items",
        ["done_by", "done_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )
    op.create_index(
        "ix_work_items_holder",
        "work_items",
        ["holder"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND holder IS NOT NULL"),
    )
    op.create_index(
        "ix_work_items_open",
        "work_items",
        [sa.literal_column("priority DESC"), "since_at", "item_id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_work_items_open_case",
        "work_items",
        ["case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_work_items_person_id", "work_items", ["person_id"], unique=False)
    op.create_table(
        "hand_calls",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_hand_calls"),
    )
    op.create_index("ix_hand_calls_case_id", "hand_calls", ["case_id"], unique=False)
    op.create_index(
        "ix_hand_calls_under_way",
        "hand_calls",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("noted_at IS NULL"),
    )
    op.create_table(
        "call_notes",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("is_right_party", sa.Boolean(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("feelings", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("promised_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recording", sa.Text(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_said", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_call_notes"),
    )
    op.create_index(
        "ix_call_notes_call_back",
        "call_notes",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_step = 'call_back'"),
    )
    op.create_index("ix_call_notes_case_id", "call_notes", ["case_id"], unique=False)
    op.create_index("ix_call_notes_person_id", "call_notes", ["person_id"], unique=False)
    op.create_index(
        "ix_call_notes_unsaid", "call_notes", ["written_at"], unique=False, postgresql_where=sa.text("NOT is_said")
    )
    op.create_table(
        "unmaskings",
        sa.Column("unmasking_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unmasking_id", name="pk_unmaskings"),
    )
    op.create_index("ix_unmaskings_case_id", "unmaskings", ["case_id"], unique=False)
    op.create_index(
        "ix_decisions_review", "decisions", ["decided_at"], unique=False, postgresql_where=sa.text("verdict = 'review'")
    )
    op.create_index(
        "ix_replies_call_back",
        "replies",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("intent = 'call_back'"),
    )
    op.create_index(
        "ix_attempts_letter_returned",
        "attempts",
        ["settled_at"],
        unique=False,
        postgresql_where=sa.text("channel = 'letter' AND outcome = 'failed'"),
    )
    # Proof of who might act and of who looked at what: nobody changes or removes it.
    for table in ("certificates", "certificate_revocations", "unmaskings"):
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM concord_api, concord_worker")
