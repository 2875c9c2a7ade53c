"""Publishing means inserting a row: the outbox, and the relay that moves it to Kafka."""
