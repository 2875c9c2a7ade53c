"""Databases: engine, explicit transactions, bulk statements, migrations."""
