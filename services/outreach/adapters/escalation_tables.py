"""Tables of escalation: proofs, excused rungs, field visits, hand-overs to legal, reminders before instalments."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import metadata

rung_proofs = Table(
    "rung_proofs",
    metadata,
    # Written once: the canonical text is what the hash proves.
    Column("proof_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("rung", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("hash", Text, nullable=False),
    moment("made_at"),
)

rung_excuses = Table(
    "rung_excuses",
    metadata,
    # The decision that ruled out every contact point for a rung.
    Column("decision_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("rung", Text, nullable=False),
    moment("excused_at"),
)

visits = Table(
    "visits",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("contact_point_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),  # proposed | approved | ordered | started | settled | cancelled | expired
    Column("region", Text, nullable=False),
    Column("proof_id", Uuid, nullable=False),
    Column("proposed_by", Text, nullable=False),
    moment("proposed_at"),
    Column("approved_by", Text),
    moment("approved_at", nullable=True),
    Column("team", ARRAY(Text)),
    moment("begins_at", nullable=True),
    moment("ends_at", nullable=True),
    # The notice that was sent before: an attempt of its own.
    Column("notice_attempt_id", Uuid),
    Column("attempt_id", Uuid, unique=True),
    Column("order_decision_id", Uuid),
    Column("start_decision_id", Uuid),
    # Sealed under the person's key, like an address; null after erasure.
    Column("place_sealed", LargeBinary),
    Column("start_sealed", LargeBinary),
    Column("finish_sealed", LargeBinary),
    Column("report_sealed", LargeBinary),
    Column("start_distance_m", Integer),
    Column("finish_distance_m", Integer),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
    Column("outcome", Text),
    Column("recording_pointer", Text),
    Column("recording_until", Date),
    Column("was_asked_to_leave", Boolean),
    Column("left_when_asked", Boolean),
    Column("closed_because", Text),
)
Index(
    "ix_visits_open",
    visits.c.case_id,
    unique=True,
    postgresql_where=text("state IN ('proposed', 'approved', 'ordered', 'started')"),
)
Index("ix_visits_ends_at", visits.c.ends_at, postgresql_where=text("state IN ('ordered', 'started')"))

legal_handovers = Table(
    "legal_handovers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),  # prepared | signed | withdrawn
    Column("proof_id", Uuid, nullable=False),
    Column("prepared_by", Text, nullable=False),
    moment("prepared_at"),
    Column("counsel_id", Text),
    Column("signature_reference", Text),
    Column("signed_proof_id", Uuid),
    moment("signed_at", nullable=True),
    Column("closed_because", Text),
)
Index(
    "ix_legal_handovers_open",
    legal_handovers.c.case_id,
    unique=True,
    postgresql_where=text("state IN ('prepared', 'signed')"),
)

legal_marks = Table(
    "legal_marks",
    metadata,
    # As the legal track tells: its newest step, or its outcome.
    Column("legal_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("handover_id", Uuid),
    Column("step", Text, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    moment("at"),
)

instalment_reminders = Table(
    "instalment_reminders",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("amount_minor_units", BigInteger, nullable=False),
    # Drawn once: the same instalment is never reminded of under two ids.
    Column("attempt_id", Uuid, nullable=False),
    moment("remind_at", nullable=True),
    Column("closed_because", Text),
    PrimaryKeyConstraint("plan_id", "number"),
)
Index(
    "ix_instalment_reminders_remind_at",
    instalment_reminders.c.remind_at,
    postgresql_where=text("remind_at IS NOT NULL"),
)
