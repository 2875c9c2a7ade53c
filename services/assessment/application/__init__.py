"""What assessment does: one module a verb, written for many cases at once."""
