"""Assessment against a real PostgreSQL."""
