"""The ways in: HTTP for borrowers and staff, and the subscription table."""
