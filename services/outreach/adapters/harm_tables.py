"""The tables of harm budgets and of the chooser. Ids, kinds and numbers; nothing that anybody wrote."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import metadata

contact_signals = Table(
    "contact_signals",
    metadata,
    # What went out and what came back. Written by triggers (migration), so that no way of recording a complaint, a
    # refusal or a contact can forget it; once each, however often it is said.
    Column("kind", Text, nullable=False),  # contact | complaint | distress | opt_out | dispute | reply | payment
    Column("source_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    # The strategy of the case's last contact before it: what may have caused it.
    Column("strategy", Text, nullable=False),
    moment("at"),
    Column("is_counted", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("kind", "source_id"),
)
Index("ix_contact_signals_case_id", contact_signals.c.case_id, contact_signals.c.at)
Index("ix_contact_signals_person_id", contact_signals.c.person_id, contact_signals.c.at)
Index("ix_contact_signals_fresh", contact_signals.c.at, postgresql_where=text("NOT is_counted"))

harm_counters = Table(
    "harm_counters",
    metadata,
    Column("strategy", Text, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("strategy", "on_day", "kind"),
)
Index("ix_harm_counters_on_day", harm_counters.c.on_day)

harm_budgets = Table(
    "harm_budgets",
    metadata,
    Column("strategy", Text, primary_key=True),
    Column("state", Text, nullable=False),  # ok | slowed | stopped
    Column("since_on", Date, nullable=False),
    Column("counted_from", Date),
    # What two people decided instead, until it ends by itself.
    Column("override_id", Uuid),
    Column("override_state", Text),
    moment("override_until", nullable=True),
)

harm_budget_changes = Table(
    "harm_budget_changes",
    metadata,
    Column("change_id", Uuid, primary_key=True),
    Column("strategy", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("counted", Text, nullable=False),
    moment("changed_at"),
    moment("told_at", nullable=True),
)
Index("ix_harm_budget_changes_untold", harm_budget_changes.c.changed_at, postgresql_where=text("told_at IS NULL"))

harm_overrides = Table(
    "harm_overrides",
    metadata,
    Column("override_id", Uuid, primary_key=True),
    Column("strategy", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    moment("until"),
    Column("proposed_by", Text, nullable=False),
    moment("proposed_at"),
    Column("approved_by", Text),
    moment("approved_at", nullable=True),
)

choices = Table(
    "choices",
    metadata,
    # Append-only. `document` holds the options, the tallies, the seed and the answer.
    Column("choice_id", Uuid, primary_key=True),
    Column("attempt_id", Uuid, nullable=False, index=True),
    Column("case_id", Uuid, nullable=False),
    Column("segment", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("snapshot_hash", Text, nullable=False),
    Column("channel", Text, nullable=False),
    moment("contact_at"),
    moment("chosen_at"),
)

arm_pulls = Table(
    "arm_pulls",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("segment", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("band", Text, nullable=False),
    Column("day", Text, nullable=False),
    moment("made_at"),
    Column("result", Text),  # response | harm | silence
    moment("judge_at", nullable=True),
)
Index("ix_arm_pulls_case_id", arm_pulls.c.case_id, arm_pulls.c.made_at)
Index("ix_arm_pulls_judge_at", arm_pulls.c.judge_at, postgresql_where=text("judge_at IS NOT NULL"))

arm_tallies = Table(
    "arm_tallies",
    metadata,
    Column("segment", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("band", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("trials", Integer, nullable=False),
    Column("responses", Integer, nullable=False),
    Column("harms", Integer, nullable=False),
    PrimaryKeyConstraint("segment", "channel", "band", "day"),
)
