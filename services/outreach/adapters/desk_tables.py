"""Tables of the desks: matters and their steps, evidence, answers, alarms, the ledger of preferences.

Steps, evidence, answers and preferences are append-only: the service's roles may neither update nor delete them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, LargeBinary, SmallInteger, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import metadata

desk_matters = Table(
    "desk_matters",
    metadata,
    # The id of the complaint or dispute.
    Column("matter_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    # Where it came from names it; the same again is the same matter.
    Column("reference", Text, unique=True),
    Column("request_hash", Text),
    Column("channel", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("complexity", Text, nullable=False),
    moment("received_at"),
    moment("opened_at"),
    Column("acknowledge_due_on", Date, nullable=False),
    moment("answer_due_at"),
    Column("summary_until", Date),
    # Null once somebody was reminded, or nothing is left to be reminded of.
    moment("remind_at", nullable=True),
    moment("reminded_at", nullable=True),
    Column("assigned_to", Text),
    Column("named_staff", Text),
    Column("reopens", Uuid),
    Column("part_minor_units", BigInteger),
    Column("is_written", Boolean),
    Column("is_timely", Boolean),
    Column("duplicate_of", Uuid),
    Column("root_cause", Text),
    Column("outcome", Text),
    Column("redress", ARRAY(Text), nullable=False, server_default=sql("'{}'")),
    Column("redress_reference", Text),
    Column("corrected_minor_units", BigInteger),
    moment("acknowledged_at", nullable=True),
    moment("answered_at", nullable=True),
    Column("answered_by", Text),
    # The attempt by which the answer leaves, and when it left.
    Column("answer_attempt_id", Uuid),
    moment("answer_sent_at", nullable=True),
    moment("closed_at", nullable=True),
    Column("closed_by", Text),
)
Index("ix_desk_matters_case_id", desk_matters.c.case_id)
Index("ix_desk_matters_open", desk_matters.c.answer_due_at, postgresql_where=sql("closed_at IS NULL"))
Index("ix_desk_matters_remind_at", desk_matters.c.remind_at, postgresql_where=sql("remind_at IS NOT NULL"))
Index("ix_desk_matters_lessons", desk_matters.c.root_cause, postgresql_where=sql("root_cause IS NOT NULL"))

desk_steps = Table(
    "desk_steps",
    metadata,
    Column("step_id", Uuid, primary_key=True),
    Column("matter_id", Uuid, nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("detail", Text),
    Column("taken_by", Text, nullable=False),
    moment("taken_at"),
)

evidence_packs = Table(
    "evidence_packs",
    metadata,
    Column("pack_id", Uuid, primary_key=True),
    # The matter or the alarm that it belongs to.
    Column("subject_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # No sweep and no erasure touches it before; null: until somebody decides.
    Column("locked_until", Date),
    moment("taken_at"),
)

desk_answers = Table(
    "desk_answers",
    metadata,
    Column("matter_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("language", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    # Null after the person's erasure, the one change that the roles may make.
    Column("sealed", LargeBinary),
    Column("written_by", Text, nullable=False),
    moment("written_at"),
)

conduct_alarms = Table(
    "conduct_alarms",
    metadata,
    Column("alarm_id", Uuid, primary_key=True),
    Column("reference", Text, unique=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("category", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("accused", Text),
    Column("raised_by", Text, nullable=False),
    moment("raised_at"),
    # When the mail about it is tried next; null: it has gone out, or nobody is to be told.
    moment("mail_at", nullable=True),
    Column("mail_tries", SmallInteger, nullable=False, server_default=sql("0")),
    moment("mailed_at", nullable=True),
    Column("release_asked_by", Text),
    moment("release_asked_at", nullable=True),
    Column("release_reason", Text),
    Column("released_by", Text),
    moment("released_at", nullable=True),
)
Index("ix_conduct_alarms_standing", conduct_alarms.c.person_id, postgresql_where=sql("released_at IS NULL"))
Index("ix_conduct_alarms_mail_at", conduct_alarms.c.mail_at, postgresql_where=sql("mail_at IS NOT NULL"))

preferences = Table(
    "preferences",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("reference", Text, unique=True),
    Column("request_hash", Text),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("withdraws", Uuid),
    Column("channel", Text),
    Column("contact_point_id", Uuid),
    Column("purpose", Text),
    Column("detail", Text, nullable=False),
    moment("begins_at"),
    moment("ends_at", nullable=True),
    Column("source", Text, nullable=False),
    Column("source_reference", Text),
    Column("proof_reference", Text),
    Column("recorded_by", Text, nullable=False),
    moment("recorded_at"),
)
