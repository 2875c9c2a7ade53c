"""Versions of templates with the shipped ones, texts and their codes, refused texts, daily lists, letters."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.outreach.adapters.shipped_templates import shipped_templates
from services.outreach.domain.templates.version import TemplateVersion

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    versions = op.create_table(
        "template_versions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", "version", name="pk_template_versions"),
    )
    op.create_index(
        "ix_template_versions_approved",
        "template_versions",
        ["code"],
        unique=True,
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.bulk_insert(versions, [_row(version) for version in shipped_templates()])
    _texts()
    _proofs()


def _texts() -> None:
    op.create_table(
        "sent_texts",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("worded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter_hash", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_sent_texts"),
    )
    op.create_index("ix_sent_texts_code", "sent_texts", ["code"], unique=False)
    op.create_index("ix_sent_texts_issued_on", "sent_texts", ["issued_on"], unique=False)
    op.create_table(
        "refused_texts",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_refused_texts"),
    )
    op.create_index(
        "ix_refused_texts_open",
        "refused_texts",
        ["refused_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def _proofs() -> None:
    op.create_table(
        "code_lists",
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("issued_on", name="pk_code_lists"),
    )
    op.create_table(
        "letters",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_letters"),
    )
    op.create_index("ix_letters_person_id", "letters", ["person_id"], unique=False)
    op.create_index("ix_letters_keep_until", "letters", ["keep_until"], unique=False)


def _row(version: TemplateVersion) -> dict[str, Any]:
    texts = {language: {"subject": text.subject, "body": text.body} for language, text in version.texts.items()}
    moments: dict[str, datetime | None] = {"made_at": version.made_at, "checked_at": version.checked_at}
    return {
        "code": version.code,
        "version": version.version,
        "channel": version.channel,
        "purpose": version.purpose,
        "audience": version.audience,
        "texts": json.dumps(texts, ensure_ascii=False, sort_keys=True),
        "content_hash": version.content_hash,
        "state": version.state,
        "made_by": version.made_by,
        "checked_by": version.checked_by,
        **moments,
    }
