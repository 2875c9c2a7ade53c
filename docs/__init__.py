"""Documents, and the generators of those that are made from code."""
