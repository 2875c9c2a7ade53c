"""The relay's metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from shared.tracing import names

UNPUBLISHED = Gauge(names.OUTBOX_UNPUBLISHED, "Committed events that are not on Kafka yet")
OLDEST_AGE = Gauge(names.OUTBOX_OLDEST_AGE, "Age of the oldest event that is not on Kafka yet")
PUBLISHED = Counter(names.RELAY_PUBLISHED, "Events acknowledged by Kafka and marked")
IS_ACTIVE = Gauge(names.RELAY_IS_ACTIVE, "1 in the active relay of a database, 0 in one that stands by")
