"""How long a hold stands, by its kind."""

from __future__ import annotations

from datetime import datetime, timedelta

_DAYS = {
    "hardship": 30,  # a month to find relief; renewed when the borrower says so again
    "default_playbook": 2,  # re-assess and re-plan first, then the ladder
    "verification": 7,  # "I have paid already": the lender is asked
    "distress": 14,  # a person of the staff looks at once; nothing automatic before they did, or for two weeks
    "moratorium": 60,  # as long as the standard breathing space (SI 2020/1311 reg. 26); the register corrects it
}
"""Other kinds stand until somebody releases them."""


def hold_until(kind: str, at: datetime) -> datetime | None:
    days = _DAYS.get(kind)
    return at + timedelta(days=days) if days is not None else None


def playbook_ends_at(at: datetime) -> datetime:
    """When contact may begin again after a default, by our own rule."""
    return at + timedelta(days=_DAYS["default_playbook"])


REVIEW_HOLD = timedelta(days=2)
"""How long a reply that nobody could read keeps a case quiet: until a person has looked, but no longer than this."""

OF_THE_PERSON = frozenset({"cease", "deceased", "bankruptcy", "moratorium", "distress"})
"""Kinds that hold for every case of the human being, whichever lender's case they were said in.

Who dies, is bankrupt (11 USC 362), has breathing space (SI 2020/1311) or is in distress is so in every case. A cease is
by 15 USC 1692c(c) about "such debt"; but it is said to us, the one collector, and nobody who says it means one file of
several: we hold all. See docs/decisions/0008.
"""
