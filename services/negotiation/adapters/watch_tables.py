"""The tables of the watch beyond the instalments: early signs, promises, runs of the playbook, decisions, cures."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata

case_watches = Table(
    "case_watches",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    # When early signs are looked for next; no row: there is nothing that could be seen.
    Column("look_at", DateTime(timezone=True), nullable=False),
)
Index("ix_case_watches_look_at", case_watches.c.look_at)

slippage_signals = Table(
    "slippage_signals",
    metadata,
    # The plan it is about, or the case where there is none.
    Column("subject_id", Uuid, nullable=False),
    Column("sign", Text, nullable=False),
    # 0: about no instalment.
    Column("instalment_number", Integer, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("count", Integer, nullable=False),
    Column("slipped_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("subject_id", "sign", "instalment_number"),
)
Index("ix_slippage_signals_case_id", slippage_signals.c.case_id)

promises = Table(
    "promises",
    metadata,
    Column("reply_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("amount_minor_units", BigInteger),
    Column("made_on", Date, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
Index("ix_promises_case_id", promises.c.case_id)

playbook_runs = Table(
    "playbook_runs",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("reassess_by", DateTime(timezone=True), nullable=False),
    Column("is_awaited", Boolean, nullable=False),
    Column("steps", JSON, nullable=False),
    Column("ended_by", Text),
    Column("ended_at", DateTime(timezone=True)),
)
Index("ix_playbook_runs_plan_id", playbook_runs.c.plan_id)
# Never two at once of one case, whatever else goes wrong.
Index("uq_playbook_runs_running", playbook_runs.c.case_id, unique=True, postgresql_where=text("ended_by IS NULL"))
Index("ix_playbook_runs_awaited", playbook_runs.c.reassess_by, postgresql_where=text("is_awaited"))

replan_decisions = Table(
    "replan_decisions",
    metadata,
    Column("decision_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("plan_id", Uuid, nullable=False),
    Column("reached", Text, nullable=False),
    Column("plans", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("reasons", JSON, nullable=False),
)
Index("uq_replan_decisions_open", replan_decisions.c.case_id, unique=True, postgresql_where=text("state = 'open'"))
Index(
    "ix_replan_decisions_queue",
    replan_decisions.c.opened_at,
    replan_decisions.c.decision_id,
    postgresql_where=text("state = 'open'"),
)

cure_watches = Table(
    "cure_watches",
    metadata,
    Column("watch_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("cure", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("treatment", Text, nullable=False),
    Column("cured_at", DateTime(timezone=True), nullable=False),
    Column("cured_on", Date, nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text),
    Column("outcome_at", DateTime(timezone=True)),
    Column("within_months", Integer),
)
Index("uq_cure_watches_open", cure_watches.c.case_id, unique=True, postgresql_where=text("outcome IS NULL"))
Index("ix_cure_watches_person_id", cure_watches.c.person_id, postgresql_where=text("outcome IS NULL"))
Index("ix_cure_watches_ends_at", cure_watches.c.ends_at, postgresql_where=text("outcome IS NULL"))
Index("ix_cure_watches_cured_on", cure_watches.c.cured_on)
