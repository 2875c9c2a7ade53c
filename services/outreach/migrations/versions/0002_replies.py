"""Replies that a person reads, promises that are said back, answers that are due, and mail that came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "due_answers",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("promised_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("in_reply_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_due_answers")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_due_answers_reply_id")),
    )
    op.create_index(op.f("ix_due_answers_case_id"), "due_answers", ["case_id"], unique=False)
    op.create_index(
        "ix_due_answers_due_at", "due_answers", ["due_at"], unique=False, postgresql_where=sa.text("state = 'due'")
    )
    op.create_table(
        "inbound_mails",
        sa.Column("mail_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("attachments", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mail_key", name=op.f("pk_inbound_mails")),
    )
    op.create_table(
        "promises",
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("promised_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("promise_id", name=op.f("pk_promises")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_promises_reply_id")),
    )
    op.create_index(
        "ix_promises_counts_at", "promises", ["counts_at"], unique=False, postgresql_where=sa.text("state = 'proposed'")
    )
    op.create_index(
        "ix_promises_proposed", "promises", ["case_id"], unique=True, postgresql_where=sa.text("state = 'proposed'")
    )
    op.create_table(
        "reply_labels",
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("meant", sa.Text(), nullable=False),
        sa.Column("labelled_by", sa.Text(), nullable=False),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("label_id", name=op.f("pk_reply_labels")),
    )
    op.create_index(op.f("ix_reply_labels_reply_id"), "reply_labels", ["reply_id"], unique=False)
    op.create_table(
        "reply_reviews",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_intent", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_reply_reviews")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_reply_reviews_reply_id")),
    )
    op.create_index(op.f("ix_reply_reviews_case_id"), "reply_reviews", ["case_id"], unique=False)
    op.create_index(
        "ix_reply_reviews_open",
        "reply_reviews",
        ["priority", "opened_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
