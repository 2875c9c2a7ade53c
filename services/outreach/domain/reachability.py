"""Since when a person has not been reached by calls, from what was tried: a fact for the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from services.outreach.domain.gate.facts import PastContact, Reachability

FAILED_CALLS = frozenset({"no_answer", "not_connected"})
"""Outcomes of a call that reached nobody. One that was never placed (`failed`) was no call; `unknown` may have been a
conversation, and does not end the row either."""
SPOKEN = "conversation"


def reachability(
    contacts: Iterable[PastContact],
    heard_at: datetime | None,
    numbers_are_wrong: Iterable[bool],
    day_of: Callable[[datetime], date],
) -> Reachability:
    """`heard_at`: when the person last wrote or called. `numbers_are_wrong`: for each known number.

    The row of failed calls begins after the last sign of the person. `day_of` tells the day where they are.
    """
    wrong = list(numbers_are_wrong)
    own = (c for c in contacts if c.channel == "call" and c.party == "borrower" and c.case_id != "elsewhere")
    calls = sorted(own, key=lambda c: c.at)
    signs = [call.at for call in calls if call.outcome == SPOKEN or call.direction == "in"]
    last_sign = max(signs if heard_at is None else [*signs, heard_at], default=None)
    failed_on = tuple(
        day_of(call.at)
        for call in calls
        if call.direction == "out" and call.outcome in FAILED_CALLS and (last_sign is None or call.at > last_sign)
    )
    return Reachability(
        failed_calls=len(failed_on),
        failed_days=len(set(failed_on)),
        since_on=failed_on[0] if failed_on else None,
        failed_on=failed_on,
        is_number_invalid=bool(wrong) and all(wrong),
    )
