"""Run by Alembic on the connection that `python -m services.assessment migrate` opens."""

from shared.db.migrations import run

run()
