"""Runs reporting's migrations on the connection that `shared.db.migrations.migrate` opened."""

from shared.db.migrations import run

run()
