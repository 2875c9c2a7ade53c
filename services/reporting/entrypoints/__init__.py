"""The ways in: events, the JSON API, the staff console."""
