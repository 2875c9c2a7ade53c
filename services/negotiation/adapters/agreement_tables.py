"""Tables of agreements: the evidence of acceptance, the sealed documents, and the codes that anybody may check."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from services.negotiation.adapters.tables import metadata

acceptances = Table(
    "acceptances",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("offer_id", Uuid),
    Column("terms_hash", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("texts_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("owed_minor_units", BigInteger, nullable=False),
    Column("how", Text, nullable=False),
    Column("shown_text_hash", Text),
    Column("second_factor", Text),
    Column("session_hash", Text),
    Column("network_hash", Text),
    Column("idempotency_hash", Text),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    Column("cooling_off_until", DateTime(timezone=True), nullable=False),
    Column("document_id", Uuid),
)
Index("ix_acceptances_case_id", acceptances.c.case_id)

documents = Table(
    "documents",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("language", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("rendering_hash", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False),
    CheckConstraint("octet_length(content) <= 1000000", name="bounded"),
)
Index("ix_documents_case_id", documents.c.case_id)
Index("uq_documents_subject_id", documents.c.subject_id, documents.c.kind, unique=True)

# No creditor and no tenant wall: whoever holds a code may check it, and it names nobody.
issued_codes = Table(
    "issued_codes",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
)
Index("ix_issued_codes_subject_id", issued_codes.c.subject_id)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("withdrawn_at", DateTime(timezone=True), nullable=False),
    Column("is_refund_asked", Boolean, nullable=False),
    Column("paid_minor_units", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
)
Index("ix_withdrawals_case_id", withdrawals.c.case_id)
Index("ix_withdrawals_refund", withdrawals.c.withdrawn_at, postgresql_where=text("is_refund_asked"))
