"""Desks of complaints and disputes, sealed evidence, alarms about conduct, the ledger of preferences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

APPEND_ONLY = "desk_steps, evidence_packs, desk_answers, preferences"


def upgrade() -> None:
    _matters()
    _evidence()
    _alarms()
    _preferences()
    op.execute(f"REVOKE UPDATE, DELETE ON {APPEND_ONLY} FROM concord_api, concord_worker")
    # Erasure alone may take away the words of an answer.
    op.execute("GRANT UPDATE (sealed) ON desk_answers TO concord_worker")
    op.execute("REVOKE DELETE ON desk_matters, conduct_alarms FROM concord_api, concord_worker")


def _matters() -> None:
    op.create_table(
        "desk_matters",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("complexity", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_due_on", sa.Date(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary_until", sa.Date(), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.Column("named_staff", sa.Text(), nullable=True),
        sa.Column("reopens", sa.Uuid(), nullable=True),
        sa.Column("part_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("is_written", sa.Boolean(), nullable=True),
        sa.Column("is_timely", sa.Boolean(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("root_cause", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("redress", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("redress_reference", sa.Text(), nullable=True),
        sa.Column("corrected_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answer_attempt_id", sa.Uuid(), nullable=True),
        sa.Column("answer_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("matter_id", name="pk_desk_matters"),
        sa.UniqueConstraint("reference", name="uq_desk_matters_reference"),
    )
    op.create_index("ix_desk_matters_case_id", "desk_matters", ["case_id"], unique=False)
    op.create_index(
        "ix_desk_matters_lessons",
        "desk_matters",
        ["root_cause"],
        unique=False,
        postgresql_where=sa.text("root_cause IS NOT NULL"),
    )
    op.create_index(
        "ix_desk_matters_open",
        "desk_matters",
        ["answer_due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_desk_matters_person_id", "desk_matters", ["person_id"], unique=False)
    op.create_index(
        "ix_desk_matters_remind_at",
        "desk_matters",
        ["remind_at"],
        unique=False,
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.create_table(
        "desk_steps",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("step_id", name="pk_desk_steps"),
    )
    op.create_index("ix_desk_steps_matter_id", "desk_steps", ["matter_id"], unique=False)


def _evidence() -> None:
    op.create_table(
        "evidence_packs",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("locked_until", sa.Date(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pack_id", name="pk_evidence_packs"),
    )
    op.create_index("ix_evidence_packs_subject_id", "evidence_packs", ["subject_id"], unique=False)
    op.create_table(
        "desk_answers",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("matter_id", name="pk_desk_answers"),
    )


def _alarms() -> None:
    op.create_table(
        "conduct_alarms",
        sa.Column("alarm_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("accused", sa.Text(), nullable=True),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_asked_by", sa.Text(), nullable=True),
        sa.Column("release_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("alarm_id", name="pk_conduct_alarms"),
        sa.UniqueConstraint("reference", name="uq_conduct_alarms_reference"),
    )
    op.create_index(
        "ix_conduct_alarms_mail_at",
        "conduct_alarms",
        ["mail_at"],
        unique=False,
        postgresql_where=sa.text("mail_at IS NOT NULL"),
    )
    op.create_index(
        "ix_conduct_alarms_standing",
        "conduct_alarms",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("withdraws", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_reference", sa.Text(), nullable=True),
        sa.Column("proof_reference", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_preferences"),
        sa.UniqueConstraint("reference", name="uq_preferences_reference"),
    )
    op.create_index("ix_preferences_person_id", "preferences", ["person_id"], unique=False)
