"""Runs the scripts of this service."""

from shared.db.migrations import run

run()
