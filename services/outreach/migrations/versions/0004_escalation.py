"""Proofs of escalation, field visits, hand-overs to legal, and reminders before instalments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "instalment_reminders",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_instalment_reminders"),
    )
    op.create_index("ix_instalment_reminders_case_id", "instalment_reminders", ["case_id"], unique=False)
    op.create_index(
        "ix_instalment_reminders_remind_at",
        "instalment_reminders",
        ["remind_at"],
        unique=False,
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.create_table(
        "legal_handovers",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proof_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counsel_id", sa.Text(), nullable=True),
        sa.Column("signature_reference", sa.Text(), nullable=True),
        sa.Column("signed_proof_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("handover_id", name="pk_legal_handovers"),
    )
    op.create_index(
        "ix_legal_handovers_open",
        "legal_handovers",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('prepared', 'signed')"),
    )
    op.create_table(
        "rung_excuses",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("excused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_rung_excuses"),
    )
    op.create_index("ix_rung_excuses_case_id", "rung_excuses", ["case_id"], unique=False)
    op.create_table(
        "rung_proofs",
        sa.Column("proof_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("proof_id", name="pk_rung_proofs"),
    )
    op.create_index("ix_rung_proofs_case_id", "rung_proofs", ["case_id"], unique=False)
    _create_visits()
    # A proof is what a visit or a hand-over rests on: nobody changes or removes one, nor what excused a rung.
    op.execute("REVOKE UPDATE, DELETE ON rung_proofs, rung_excuses FROM concord_api, concord_worker")


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("creditor_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("proof_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("team", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_attempt_id", sa.Uuid(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("order_decision_id", sa.Uuid(), nullable=True),
        sa.Column("start_decision_id", sa.Uuid(), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("start_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("finish_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("report_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("start_distance_m", sa.Integer(), nullable=True),
        sa.Column("finish_distance_m", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("recording_pointer", sa.Text(), nullable=True),
        sa.Column("recording_until", sa.Date(), nullable=True),
        sa.Column("was_asked_to_leave", sa.Boolean(), nullable=True),
        sa.Column("left_when_asked", sa.Boolean(), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("visit_id", name="pk_visits"),
        sa.UniqueConstraint("attempt_id", name="uq_visits_attempt_id"),
    )
    op.create_index(
        "ix_visits_ends_at",
        "visits",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('ordered', 'started')"),
    )
    op.create_index(
        "ix_visits_open",
        "visits",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'approved', 'ordered', 'started')"),
    )
    op.create_index("ix_visits_person_id", "visits", ["person_id"], unique=False)
