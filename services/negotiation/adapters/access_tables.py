"""Tables of who gets in and who looked. Keys and links are kept as hashes: a copy of the database opens no door."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, DateTime, Index, LargeBinary, Table, Text, Uuid, text

from services.negotiation.adapters.tables import metadata

portal_links = Table(
    "portal_links",
    metadata,
    Column("link_hash", LargeBinary, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False),
)
Index("ix_portal_links_used_at", portal_links.c.used_at)

portal_guesses = Table(
    "portal_guesses",
    metadata,
    Column("guess_id", Uuid, primary_key=True),
    Column("link_hash", LargeBinary, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    CheckConstraint("outcome IN ('pending', 'wrong', 'right', 'not_checked')", name="known_outcome"),
)
Index("ix_portal_guesses_at", portal_guesses.c.at)
Index("ix_portal_guesses_case_id", portal_guesses.c.case_id, portal_guesses.c.at)

portal_sessions = Table(
    "portal_sessions",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("factor", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
Index("ix_portal_sessions_opened_at", portal_sessions.c.opened_at)
Index("ix_portal_sessions_case_id", portal_sessions.c.case_id)

portal_link_requests = Table(
    "portal_link_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", Text),
)
Index("ix_portal_link_requests_case_id", portal_link_requests.c.case_id)
Index(
    "ix_portal_link_requests_open",
    portal_link_requests.c.asked_at,
    postgresql_where=text("answered_at IS NULL"),
)

file_looks = Table(
    "file_looks",
    metadata,
    Column("look_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("creditor_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("looker", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
Index("ix_file_looks_case_id", file_looks.c.case_id, file_looks.c.at)
