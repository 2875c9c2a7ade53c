"""Metrics of the desks."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from shared.tracing import names

MATTERS_OPENED = Counter(names.OUTREACH_MATTERS_OPENED, "Complaints and disputes that came in", ["kind"])
MATTERS_OVERDUE = Gauge(names.OUTREACH_MATTERS_OVERDUE, "Complaints and disputes whose answer is late", ["kind"])
ALARMS_RAISED = Counter(names.OUTREACH_ALARMS_RAISED, "Alarms about critical conduct", ["category"])
PACK_SECONDS = Histogram(
    names.OUTREACH_PACK_SECONDS,
    "Making and keeping the evidence of one matter",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
)
