"""Outreach against a real PostgreSQL."""
