"""Fault points: named places where a test may kill, stop or delay this process.

Armed by the environment variable FAULT_POINTS, `name=action@n` separated by commas: at the n-th visit of the place
(1 if left out) `kill` sends SIGKILL, `stop` sends SIGSTOP, `fail` raises. Never armed in production (settings refuse
it); unarmed, a place costs one dictionary look-up.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

PLACES = frozenset(
    {
        "relay.before_send",
        "relay.after_send",
        "subscriber.before_commit",
        "subscriber.after_commit",
        "outreach.after_reserve",
        "outreach.before_provider",
        "outreach.after_provider",
        "negotiation.payment_reserved",
        "negotiation.payment_begun",
        "negotiation.before_settled",
        "negotiation.after_settled",
        "negotiation.refund_reserved",
        "negotiation.refund_sent",
    }
)


class InjectedFault(Exception):
    """A fault that a test asked for."""


def _read(text: str) -> dict[str, tuple[str, int]]:
    armed = {}
    for entry in filter(None, text.split(",")):
        place, _, action = entry.partition("=")
        what, _, visit = action.partition("@")
        if place not in PLACES or what not in ("kill", "stop", "fail"):
            raise ValueError(f"unknown fault point {entry!r}")
        armed[place] = (what, int(visit or 1))
    return armed


_armed = _read(os.environ.get("FAULT_POINTS", ""))
_visits: Counter[str] = Counter()


def fault_point(place: str) -> None:
    """Mark a place. Does something only where a test armed it."""
    armed = _armed.get(place)
    if armed is None:
        return
    _visits[place] += 1
    action, visit = armed
    if _visits[place] != visit:
        return
    if action == "fail":
        raise InjectedFault(place)
    os.kill(os.getpid(), signal.SIGKILL if action == "kill" else signal.SIGSTOP)
