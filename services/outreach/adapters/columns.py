"""Columns that many tables of outreach have."""

from __future__ import annotations

from sqlalchemy import Column, DateTime


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """An aware moment."""
    return Column(name, DateTime(timezone=True), nullable=nullable)
