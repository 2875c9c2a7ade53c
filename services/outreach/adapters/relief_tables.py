"""The table of requests for relief that were heard of."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Uuid
from sqlalchemy import text as sql

from services.outreach.adapters.columns import moment
from services.outreach.adapters.tables import metadata

reliefs = Table(
    "reliefs",
    metadata,
    Column("relief_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    # Null: only its end was heard of, which may overtake its beginning.
    moment("until", nullable=True),
    Column("is_over", Boolean, nullable=False, server_default=sql("false")),
)
Index("ix_reliefs_case_id", reliefs.c.case_id)
