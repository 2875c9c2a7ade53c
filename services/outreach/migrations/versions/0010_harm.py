"""Harm budgets and the chooser: what followed contacts, budgets, overrides; choices, arms and their tallies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# A signal is written where its source is, in the same transaction, by whatever way it comes: a budget that some way
# of recording harm bypasses would be none. `last` is the contact that may have caused it.
_SAY = """
CREATE FUNCTION say_signals_of_{source}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_signals (kind, source_id, case_id, person_id, strategy, at)
    SELECT f.kind, f.source_id, c.case_id, c.person_id, coalesce(last.strategy, c.strategy, 'none'), f.at
    FROM ({found}) f JOIN cases c ON c.case_id = f.case_id
    LEFT JOIN LATERAL (
        SELECT s.strategy FROM contact_signals s
        WHERE s.case_id = f.case_id AND s.kind = 'contact' AND s.at <= f.at ORDER BY s.at DESC LIMIT 1
    ) last ON f.kind <> 'contact'
    ORDER BY f.kind, f.source_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
_ON_INSERT = """
CREATE TRIGGER say_signals AFTER INSERT ON {source} REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION say_signals_of_{source}()
"""
_ON_UPDATE = """
CREATE TRIGGER say_signals AFTER UPDATE ON attempts REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION say_signals_of_attempts()
"""
_FOUND = {
    "complaints": "SELECT 'complaint' AS kind, complaint_id AS source_id, case_id, opened_at AS at FROM added",
    "disputes": "SELECT 'dispute' AS kind, dispute_id AS source_id, case_id, opened_at AS at FROM added",
    "holds": """
        SELECT CASE kind WHEN 'cease' THEN 'opt_out' ELSE 'distress' END AS kind, hold_id AS source_id, case_id,
               applied_at AS at
        FROM added WHERE kind IN ('distress', 'cease')""",
    # Only the right person answers a contact.
    "replies": """
        SELECT 'reply' AS kind, reply_id AS source_id, case_id, received_at AS at
        FROM added WHERE intent <> 'wrong_person'""",
    # A refusal is the person's: it is held against the last contact that they had, by whatever case.
    "opt_outs": """
        SELECT 'opt_out' AS kind, a.opt_out_id AS source_id, l.case_id, a.received_at AS at
        FROM added a CROSS JOIN LATERAL (
            SELECT s.case_id FROM contact_signals s
            WHERE s.person_id = a.person_id AND s.kind = 'contact' AND s.at <= a.received_at
            ORDER BY s.at DESC LIMIT 1) l""",
    "attempts": """
        SELECT k.kind, a.attempt_id AS source_id, a.case_id, coalesce(a.handed_over_at, a.reserved_at) AS at
        FROM added a CROSS JOIN (VALUES ('contact'), ('reply')) AS k (kind)
        WHERE a.state = 'settled' AND a.counts AND (k.kind = 'contact' OR a.outcome = 'conversation')""",
}


def upgrade() -> None:
    _create_signals()
    _create_budgets()
    _create_choices()
    for source, found in _FOUND.items():
        op.execute(_SAY.format(source=source, found=found))
        op.execute(_ON_UPDATE if source == "attempts" else _ON_INSERT.format(source=source))
    # What was chosen, and why, is a record like a decision.
    op.execute("REVOKE UPDATE, DELETE ON choices FROM concord_api, concord_worker")
    op.execute("REVOKE DELETE ON contact_signals, harm_budget_changes, harm_overrides FROM concord_api, concord_worker")


def _create_signals() -> None:
    op.create_table(
        "contact_signals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_counted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "source_id", name="pk_contact_signals"),
    )
    op.create_index("ix_contact_signals_case_id", "contact_signals", ["case_id", "at"], unique=False)
    op.create_index("ix_contact_signals_person_id", "contact_signals", ["person_id", "at"], unique=False)
    op.create_index(
        "ix_contact_signals_fresh", "contact_signals", ["at"], unique=False, postgresql_where=sa.text("NOT is_counted")
    )
    op.create_table(
        "harm_counters",
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("strategy", "on_day", "kind", name="pk_harm_counters"),
    )
    op.create_index("ix_harm_counters_on_day", "harm_counters", ["on_day"], unique=False)


def _create_budgets() -> None:
    op.create_table(
        "harm_budgets",
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("override_id", sa.Uuid(), nullable=True),
        sa.Column("override_state", sa.Text(), nullable=True),
        sa.Column("override_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("strategy", name="pk_harm_budgets"),
    )
    op.create_table(
        "harm_budget_changes",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("change_id", name="pk_harm_budget_changes"),
    )
    op.create_index(
        "ix_harm_budget_changes_untold",
        "harm_budget_changes",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "harm_overrides",
        sa.Column("override_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("override_id", name="pk_harm_overrides"),
    )


def _create_choices() -> None:
    op.create_table(
        "choices",
        sa.Column("choice_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("snapshot_hash", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("choice_id", name="pk_choices"),
    )
    op.create_index("ix_choices_attempt_id", "choices", ["attempt_id"], unique=False)
    op.create_table(
        "arm_pulls",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("judge_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_arm_pulls"),
    )
    op.create_index("ix_arm_pulls_case_id", "arm_pulls", ["case_id", "made_at"], unique=False)
    op.create_index(
        "ix_arm_pulls_judge_at",
        "arm_pulls",
        ["judge_at"],
        unique=False,
        postgresql_where=sa.text("judge_at IS NOT NULL"),
    )
    op.create_table(
        "arm_tallies",
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("trials", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("harms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("segment", "channel", "band", "day", name="pk_arm_tallies"),
    )
