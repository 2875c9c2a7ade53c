"""Alembic's entry point; the work is the same in all services."""

from shared.db.migrations import run

run()
