"""Intake's schema, migration by migration."""
