"""Tables around replies: what waits for a person's reading, promises, answers that are due, mail that came in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, SmallInteger, Table, Text, Uuid, text

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import metadata

reply_reviews = Table(
    "reply_reviews",
    metadata,
    Column("review_id", Uuid, primary_key=True),
    Column("reply_id", Uuid, nullable=False, unique=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),  # distress | unsure | no_day | contradiction
    # 0 is looked at first: a person in distress never waits behind an unclear sentence.
    Column("priority", SmallInteger, nullable=False),
    # JSON: [[intent, confidence in basis points], ...], the likeliest first.
    Column("suggestions", Text, nullable=False),
    Column("read_by", Text, nullable=False),  # rule or model that read it first
    moment("opened_at"),
    moment("held_until", nullable=True),
    Column("resolved_intent", Text),
    Column("resolved_by", Text),
    moment("resolved_at", nullable=True),
)
Index(
    "ix_reply_reviews_open",
    reply_reviews.c.priority,
    reply_reviews.c.opened_at,
    postgresql_where=text("resolved_at IS NULL"),
)

reply_labels = Table(
    "reply_labels",
    metadata,
    # What people corrected, for the next training: ids and words of our own, never the text.
    Column("label_id", Uuid, primary_key=True),
    Column("reply_id", Uuid, nullable=False, index=True),
    Column("read_as", Text, nullable=False),
    Column("read_by", Text, nullable=False),
    Column("meant", Text, nullable=False),
    Column("labelled_by", Text, nullable=False),
    moment("labelled_at"),
)

promises = Table(
    "promises",
    metadata,
    Column("promise_id", Uuid, primary_key=True),
    Column("reply_id", Uuid, nullable=False, unique=True),
    Column("case_id", Uuid, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("promised_minor_units", BigInteger),
    Column("state", Text, nullable=False),  # proposed | confirmed | contradicted
    Column("settled_by", Text),  # reply | silence | newer_promise
    moment("proposed_at"),
    # Said back and not contradicted until then, it counts.
    moment("counts_at", nullable=True),
    moment("settled_at", nullable=True),
)
Index(
    "ix_promises_proposed",
    promises.c.case_id,
    unique=True,
    postgresql_where=text("state = 'proposed'"),
)
Index("ix_promises_counts_at", promises.c.counts_at, postgresql_where=text("state = 'proposed'"))

due_answers = Table(
    "due_answers",
    metadata,
    Column("answer_id", Uuid, primary_key=True),
    Column("reply_id", Uuid, nullable=False, unique=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("contact_point_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),  # confirmation | comfort
    Column("promised_on", Date),
    Column("promised_minor_units", BigInteger),
    moment("in_reply_to"),
    moment("due_at", nullable=True),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("attempt_id", Uuid),
    Column("state", Text, nullable=False),  # due | sent | refused
)
Index("ix_due_answers_due_at", due_answers.c.due_at, postgresql_where=text("state = 'due'"))

inbound_mails = Table(
    "inbound_mails",
    metadata,
    # SHA-256 over the message's own id, or over its bytes where it has none.
    Column("mail_key", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # reply | automatic | bounce | feedback | unreadable
    Column("attempt_id", Uuid),
    Column("reply_id", Uuid),
    Column("outcome", Text, nullable=False),
    Column("attachments", SmallInteger, nullable=False),
    moment("received_at"),
)
