"""The local stack: real Kafka, PostgreSQL and Zipkin from packages, and the five services as processes."""
