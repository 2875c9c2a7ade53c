"""Money that comes in and goes back out: references, bank statements, payments that are under way, refunds."""
