"""An attempt to reach a person: its outcomes, which of them counts, and which is higher than another."""

from __future__ import annotations

_RANK = {
    "unknown": 0,
    "sent": 1,
    "failed": 2,
    "not_connected": 2,
    "no_answer": 3,
    "delivered": 4,
    "conversation": 5,
}
"""Reports about one attempt come twice and in any order; the one that proves most stands."""

POINT_KINDS = {
    "email": ("email",),
    "sms": ("mobile",),
    "call": ("mobile", "landline"),
    "letter": ("postal",),
    "in_app": ("app",),
}
"""Which contact points a channel can use."""


def higher(known: str | None, reported: str) -> str:
    """The outcome after another report."""
    if known is None or _RANK[reported] > _RANK[known]:
        return reported
    return known


def counts(outcome: str) -> bool:
    """Whether it counts against frequency caps: everything does, unless it is proven that nothing went out."""
    return outcome != "failed"


def conveys(outcome: str) -> bool:
    """Whether it told the person something about the debt, or may have (12 CFR 1006.2(d)); a missed call does not."""
    return outcome in ("unknown", "sent", "delivered", "conversation")
