"""Run by Alembic: everything is in shared."""

from shared.db.migrations import run

run()
