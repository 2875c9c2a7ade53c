"""The table of budgets that are being filled in: amounts by category, and nothing in words."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Table, Uuid
from sqlalchemy.dialects.postgresql import JSON

from services.negotiation.adapters.tables import metadata

budget_drafts = Table(
    "budget_drafts",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("creditor_id", Uuid, nullable=False),
    Column("draft", JSON, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
)
