"""Tables of the workbench: who may act, what needs a person, what was said in calls by hand, who looked at what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import attempts, decisions, metadata, replies

staff_members = Table(
    "staff_members",
    metadata,
    Column("staff_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # human | bot
    Column("languages", ARRAY(Text), nullable=False),
    Column("capacity", SmallInteger, nullable=False),
    Column("is_active", Boolean, nullable=False),
    moment("recorded_at"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("certificate_id", Uuid, primary_key=True),
    Column("staff_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),  # training | ethics | yearly_exam
    Column("issued_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("issued_by", Text, nullable=False),
    moment("recorded_at"),
)

certificate_revocations = Table(
    "certificate_revocations",
    metadata,
    Column("certificate_id", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("revoked_by", Text, nullable=False),
    moment("revoked_at"),
)

work_items = Table(
    "work_items",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("is_vulnerable", Boolean, nullable=False),
    moment("since_at"),
    moment("due_at"),
    Column("priority", Integer, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON: [[reason, points], ...]
    moment("weighed_at"),
    Column("holder", Text),
    # Wall clock of the database: a lease guards against somebody who walked away, not against business time.
    moment("held_until", nullable=True),
    Column("sticky_to", Text),
    moment("done_at", nullable=True),
    Column("done_by", Text),
    Column("outcome", Text),
    UniqueConstraint("kind", "subject_id"),
)
Index(
    "ix_work_items_open",
    work_items.c.priority.desc(),
    work_items.c.since_at,
    work_items.c.item_id,
    postgresql_where=text("done_at IS NULL"),
)
Index(
    "ix_work_items_open_case",
    work_items.c.case_id,
    work_items.c.kind,
    unique=True,
    postgresql_where=text("done_at IS NULL"),
)
Index("ix_work_items_holder", work_items.c.holder, postgresql_where=text("done_at IS NULL AND holder IS NOT NULL"))
Index("ix_work_items_done", work_items.c.done_by, work_items.c.done_at, postgresql_where=text("done_at IS NOT NULL"))
# What the queue's sweep looks for every second must not be looked for in whole tables.
Index("ix_replies_call_back", replies.c.received_at, postgresql_where=text("intent = 'call_back'"))
Index(
    "ix_attempts_letter_returned",
    attempts.c.settled_at,
    postgresql_where=text("channel = 'letter' AND outcome = 'failed'"),
)
Index("ix_decisions_review", decisions.c.decided_at, postgresql_where=text("verdict = 'review'"))

hand_calls = Table(
    "hand_calls",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("token", Integer, nullable=False),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("contact_point_id", Uuid, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("item_id", Uuid),
    moment("started_at"),
    moment("noted_at", nullable=True),
)
Index(
    "ix_hand_calls_under_way",
    hand_calls.c.person_id,
    unique=True,
    postgresql_where=text("noted_at IS NULL"),
)

call_notes = Table(
    "call_notes",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("staff_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("is_right_party", Boolean),
    Column("cause", Text, nullable=False),
    Column("feelings", Text, nullable=False),
    # AES-256-GCM under a key derived for the person; null where nothing was said, and after erasure.
    Column("words_sealed", LargeBinary),
    Column("promised_on", Date),
    Column("promised_minor_units", BigInteger),
    Column("next_step", Text, nullable=False),
    moment("next_at", nullable=True),
    Column("recording", Text),
    Column("keep_until", Date, nullable=False),
    moment("written_at"),
    # The borrower's words and promise have been taken as a reply.
    Column("is_said", Boolean, nullable=False),
)
Index("ix_call_notes_unsaid", call_notes.c.written_at, postgresql_where=text("NOT is_said"))
Index("ix_call_notes_call_back", call_notes.c.next_at, postgresql_where=text("next_step = 'call_back'"))

unmaskings = Table(
    "unmaskings",
    metadata,
    Column("unmasking_id", Uuid, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("subject", Text, nullable=False),  # reply | call_note | contact_point
    Column("subject_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    moment("at"),
)
