"""The tables of outreach. No column holds a name, a number or an address; what people wrote lies sealed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.outreach.adapters.columns import moment
from shared.db.database import new_metadata
from shared.outbox.tables import add_plumbing_tables

metadata = new_metadata()
add_plumbing_tables(metadata)

persons = Table(
    "persons",
    metadata,
    # The row that everything about one person is locked by, so that caps hold across cases.
    Column("person_id", Uuid, primary_key=True),
    Column("is_represented", Boolean, nullable=False, server_default=text("false")),
    Column("is_erased", Boolean, nullable=False, server_default=text("false")),
    Column("inconvenient_times", Text, nullable=False, server_default=text("'[]'")),
    moment("points_as_of"),
    # The human being behind this person of one lender and perhaps persons of others; null until the vault has told.
    Column("group_id", Uuid, index=True),
    Column("token_tries", SmallInteger, nullable=False, server_default=text("0")),
    # Wall clock of the database; null: never again, the person is erased.
    Column("tokens_due_at", DateTime(timezone=True), index=True, server_default=text("clock_timestamp()")),
)

person_groups = Table(
    "person_groups",
    metadata,
    # The row that everything decided about one human being is locked by, after the rows of the persons.
    Column("group_id", Uuid, primary_key=True),
)

person_tokens = Table(
    "person_tokens",
    metadata,
    Column("key_id", SmallInteger, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("group_id", Uuid, nullable=False, index=True),
    PrimaryKeyConstraint("key_id", "token"),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),  # open | recalled | closed
    Column("fees_minor_units", BigInteger, nullable=False),
    Column("interest_minor_units", BigInteger, nullable=False),
    Column("principal_minor_units", BigInteger, nullable=False),
    moment("balance_as_of"),
    Column("balance_event_id", Uuid, nullable=False),
    Column("strategy", Text),
    Column("is_vulnerable", Boolean, nullable=False, server_default=text("false")),
    moment("offer_expires_at", nullable=True),
    moment("opened_at"),
    Column("region", Text),
    Column("product", Text),
    Column("oldest_due_on", Date),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("contact_point_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("time_zones", ARRAY(Text), nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("may_be_used", Boolean),
    Column("is_current", Boolean, nullable=False, server_default=text("true")),
    Column("is_wrong", Boolean, nullable=False, server_default=text("false")),
    Column("position", SmallInteger, nullable=False),
)

agreed_plans = Table(
    "agreed_plans",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    # Rises only (0 kept, 1 over), so that an agreement heard late does not bring an ended plan back.
    Column("state", SmallInteger, nullable=False),
)

contact_plans = Table(
    "contact_plans",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    moment("due_at", nullable=True),
    Column("is_waiting", Boolean, nullable=False, server_default=text("false")),
    Column("is_finished", Boolean, nullable=False, server_default=text("false")),
    # The attempt in hand: reserved, being sent, or released to be taken up again.
    Column("attempt_id", Uuid),
    Column("cause_event_id", Uuid),
    Column("correlation_id", Uuid),
    Column("traceparent", Text),
)
Index("ix_contact_plans_due_at", contact_plans.c.due_at, postgresql_where=text("due_at IS NOT NULL"))

decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("contact_point_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("rung", Text, nullable=False),
    Column("verdict", Text, nullable=False),  # allow | deny | review
    moment("until", nullable=True),
    Column("rules", Text, nullable=False),
    # Rules that fired and change nothing.
    Column("notes", Text, nullable=False, server_default=text("'[]'")),
    # The canonical text itself, not its parts: its bytes are what the hash proves.
    Column("facts", Text, nullable=False),
    Column("facts_hash", Text, nullable=False),
    Column("pack_hash", Text, nullable=False),
    Column("packs", ARRAY(Text), nullable=False),
    moment("decided_at"),
    Column("pack_set_hash", Text, nullable=False),
    # The place in the case's chain, and the hash that binds it to the one before.
    Column("position", Integer, nullable=False),
    Column("chain_hash", Text, nullable=False),
)
# Unique: two who decided about a case without its person's lock would fail here and not fork the chain.
Index("ix_decisions_chain", decisions.c.case_id, decisions.c.position, unique=True)

decision_heads = Table(
    "decision_heads",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("chain_hash", Text, nullable=False),
)

pack_documents = Table(
    "pack_documents",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("document", Text, nullable=False),
)

pack_sets = Table(
    "pack_sets",
    metadata,
    Column("hash", Text, primary_key=True),
    # The canonical text of label -> hash of all packs that a process had loaded.
    Column("packs", Text, nullable=False),
)

announced_denials = Table(
    "announced_denials",
    metadata,
    Column("case_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("denied_on", Date, nullable=False),
    PrimaryKeyConstraint("case_id", "rule", "denied_on"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("contact_point_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("rung", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("decision_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),  # reserved | sending | released | settled
    Column("outcome", Text),
    Column("receipt", Text),
    # Who was given it last, kept before it was: whom to ask, and whose reports are believed.
    Column("provider", Text),
    Column("counts", Boolean, nullable=False),
    # Raised whenever somebody takes the attempt over: who holds an older number may neither send nor settle.
    Column("token", Integer, nullable=False),
    Column("takeovers", SmallInteger, nullable=False, server_default=text("0")),
    # Wall clock of the database: a lease guards against a dead process, not against business time.
    moment("lease_until", nullable=True),
    moment("reserved_at"),
    moment("handed_over_at", nullable=True),
    moment("settled_at", nullable=True),
)
Index("ix_attempts_person_id", attempts.c.person_id, attempts.c.reserved_at)
Index("ix_attempts_case_id", attempts.c.case_id, attempts.c.attempt_id)
Index("ix_attempts_lease_until", attempts.c.lease_until, postgresql_where=text("state IN ('reserved', 'sending')"))

holds = Table(
    "holds",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    moment("until", nullable=True),
    Column("cause_event_type", Text),
    moment("applied_at"),
    moment("released_at", nullable=True),
    Column("release_reason", Text),
)
Index(
    "ix_holds_standing",
    holds.c.case_id,
    holds.c.kind,
    unique=True,
    postgresql_where=text("released_at IS NULL"),
)
Index("ix_holds_until", holds.c.until, postgresql_where=text("released_at IS NULL AND until IS NOT NULL"))

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("opt_out_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("contact_point_id", Uuid),
    moment("received_at"),
    UniqueConstraint("person_id", "channel", "contact_point_id", postgresql_nulls_not_distinct=True),
)

replies = Table(
    "replies",
    metadata,
    Column("reply_id", Uuid, primary_key=True),
    Column("reply_reference", Text, nullable=False, unique=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False),
    Column("attempt_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("classified_by", Text, nullable=False),
    # AES-256-GCM under a key derived for the person; null after erasure.
    Column("text_sealed", LargeBinary),
    moment("received_at"),
)
Index("ix_replies_person_id", replies.c.person_id, replies.c.received_at)
Index(
    "ix_replies_conversations",
    replies.c.person_id,
    replies.c.received_at,
    postgresql_where=text("channel = 'call'"),
)

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("reply_id", Uuid),
    Column("category", Text, nullable=False),
    moment("opened_at"),
    moment("answer_due_at"),
    moment("closed_at", nullable=True),
    Column("outcome", Text),
)
Index("ix_complaints_open", complaints.c.answer_due_at, postgresql_where=text("closed_at IS NULL"))

disputes = Table(
    "disputes",
    metadata,
    Column("dispute_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("reply_id", Uuid),
    Column("ground", Text, nullable=False),
    moment("opened_at"),
    moment("closed_at", nullable=True),
    Column("outcome", Text),
)
Index("ix_disputes_open", disputes.c.opened_at, postgresql_where=text("closed_at IS NULL"))
