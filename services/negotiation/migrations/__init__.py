"""The migrations of negotiation."""
