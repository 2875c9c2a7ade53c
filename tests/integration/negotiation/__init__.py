"""Negotiation against real PostgreSQL."""
