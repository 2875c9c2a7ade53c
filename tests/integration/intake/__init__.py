"""Intake against a real PostgreSQL: placements end to end, tenants, vault, payments, follow-up events."""
