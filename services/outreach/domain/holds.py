"""How long a hold stands, by its kind."""

from __future__ import annotations

from datetime import datetime, timedelta

_DAYS = {
    "hardship": 30,  # a month to find relief; renewed when the borrower says so again
    "default_playbook": 2,  # re-assess and re-plan first, then the ladder
    "verification": 7,  # "I have paid already": the lender is asked
}
"""Other kinds stand until somebody releases them."""


def hold_until(kind: str, at: datetime) -> datetime | None:
    days = _DAYS.get(kind)
    return at + timedelta(days=days) if days is not None else None


def playbook_ends_at(at: datetime) -> datetime:
    """When contact may begin again after a default, by our own rule."""
    return at + timedelta(days=_DAYS["default_playbook"])


COMPLAINT_ANSWER_DAYS = 15
"""Days to answer: 银行业保险业消费投诉处理管理办法 has 15 (complex cases more); we promise the same elsewhere."""
