"""Figures of the watch and of relief that somebody should look at when they rise."""

from __future__ import annotations

from prometheus_client import Counter

from shared.tracing import names

STALLED = Counter(names.NEGOTIATION_PLAYBOOKS_STALLED, "Playbooks in which nobody re-assessed the case in time")
SLIPPED = Counter(names.NEGOTIATION_SIGNALS, "Early signs that plans slip", ["sign"])
RE_DEFAULTS = Counter(names.NEGOTIATION_RE_DEFAULTS, "Cures that did not hold for twelve months")
RELIEF_OVERDUE = Counter(names.NEGOTIATION_RELIEF_OVERDUE, "Requests for relief past a deadline", ["step"])
EVIDENCE_OPENED = Counter(names.NEGOTIATION_EVIDENCE_OPENED, "Files of evidence opened by staff")
