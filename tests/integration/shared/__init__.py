"""The plumbing against real Kafka and PostgreSQL."""
