"""The subscriber's metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from shared.tracing import names

HANDLED = Counter(names.SUBSCRIBER_HANDLED, "Events handed to a use case and committed")
DUPLICATES = Counter(names.SUBSCRIBER_DUPLICATES, "Records dropped because they had been handled before")
DEAD_LETTERS = Counter(names.DEAD_LETTERS, "Records without a readable key, set aside in a dead-letter topic")
RETRIES = Counter(names.SUBSCRIBER_RETRIES, "Batches tried again after a failure that passes by itself")
BATCH_SECONDS = Histogram(
    names.SUBSCRIBER_BATCH_SECONDS,
    "Seconds from the first lock of a batch to its commit",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LAG = Gauge(names.SUBSCRIBER_LAG, "Records of the assigned partitions that are not handled yet")
WAITING = Gauge(names.WAITING_EVENTS, "Events kept in the database, by what they wait for", ["reason"])
WAITING_AGE = Gauge(
    names.WAITING_OLDEST_AGE, "Age of the oldest waiting event; above 60 s somebody should look", ["reason"]
)
QUARANTINED = Gauge(names.QUARANTINED_CASES, "Cases in quarantine in this service")
