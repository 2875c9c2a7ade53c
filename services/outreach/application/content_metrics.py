"""Metrics of content."""

from __future__ import annotations

from prometheus_client import Counter

from shared.tracing import names

TEXTS_REFUSED = Counter(
    names.OUTREACH_TEXTS_REFUSED, "Outgoing texts that the conduct checker kept back; a person has to look"
)
