"""Metrics of content."""

from __future__ import annotations

from prometheus_client import Counter

from shared.tracing import names

TEXTS_REFUSED = Counter(
    names.OUTREACH_TEXTS_REFUSED, "Outgoing texts that the conduct checker kept back; a person has to look"
)
NOTICES_LATE = Counter(
    names.OUTREACH_NOTICES_LATE, "Times a validation notice could not leave although its five days are over"
)
NOTICES_LEFT_TO_PEOPLE = Counter(
    names.OUTREACH_NOTICES_LEFT_TO_PEOPLE, "Validation notices that cannot leave by themselves; a person has to look"
)
