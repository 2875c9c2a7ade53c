"""Metrics of providers. No label names a person, a number or an attempt."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from shared.tracing import names

ANSWERS = Counter(
    names.OUTREACH_PROVIDER_ANSWERS, "Messages by provider and by what it answered", ["provider", "answer"]
)
FAILOVERS = Counter(
    names.OUTREACH_PROVIDER_FAILOVERS,
    "Messages given to the next provider, by the one that proved not to take them",
    ["provider"],
)
HELD_BACK = Counter(
    names.OUTREACH_PROVIDER_HELD_BACK,
    "Messages not handed over, by reason: pace, busy or circuit",
    ["provider", "reason"],
)
CIRCUIT_OPEN = Gauge(names.OUTREACH_PROVIDER_CIRCUIT_OPEN, "1 while a provider is left alone", ["provider"])
REPORTS = Counter(
    names.OUTREACH_PROVIDER_REPORTS,
    "Delivery reports by provider and result: known, unknown or refused",
    ["provider", "result"],
)
