"""One part of the product against the real thing: PostgreSQL, Kafka, processes."""
