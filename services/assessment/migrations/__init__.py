"""The history of assessment's database."""
