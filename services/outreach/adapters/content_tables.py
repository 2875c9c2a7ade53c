"""Tables of content: versions of templates, what was worded for attempts, what was refused, daily lists, letters."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid, text

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import metadata

template_versions = Table(
    "template_versions",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("texts", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("state", Text, nullable=False),  # draft | approved | retired
    Column("made_by", Text, nullable=False),
    moment("made_at"),
    Column("checked_by", Text),
    moment("checked_at", nullable=True),
    Column("retired_by", Text),
    moment("retired_at", nullable=True),
)
Index(
    "ix_template_versions_approved",
    template_versions.c.code,
    unique=True,
    postgresql_where=text("state = 'approved'"),
)

sent_texts = Table(
    "sent_texts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("template", Text, nullable=False),
    Column("language", Text, nullable=False),
    # Amounts and days only: names and addresses come from the vault again.
    Column("variables", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("text_digest", LargeBinary, nullable=False),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    moment("worded_at"),
    Column("letter_hash", Text),
)
Index("ix_sent_texts_code", sent_texts.c.code)
Index("ix_sent_texts_issued_on", sent_texts.c.issued_on)

refused_texts = Table(
    "refused_texts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("template", Text, nullable=False),
    # Names of rules only: the words may speak of a person.
    Column("rules", Text, nullable=False),
    moment("refused_at"),
    moment("resolved_at", nullable=True),
    Column("resolved_by", Text),
)
Index("ix_refused_texts_open", refused_texts.c.refused_at, postgresql_where=text("resolved_at IS NULL"))

code_lists = Table(
    "code_lists",
    metadata,
    Column("issued_on", Date, primary_key=True),
    Column("document", LargeBinary, nullable=False),
    moment("published_at"),
)

letters = Table(
    "letters",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    # AES-256-GCM under a key derived for the person; null after erasure.
    Column("sealed", LargeBinary),
    Column("sha256", Text, nullable=False),
    moment("keep_until"),
)
Index("ix_letters_keep_until", letters.c.keep_until)
