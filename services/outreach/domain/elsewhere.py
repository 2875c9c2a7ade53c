"""What one tenant's case may know of a contact that another tenant's case of the same person had: that it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.outreach.domain.attempt import POINT_KINDS
from services.outreach.domain.case_file import ContactPoint
from services.outreach.domain.gate.facts import OptOut, PastContact

ELSEWHERE = "elsewhere"
GRAIN = timedelta(minutes=15)
"""Every zone's day begins on a quarter of an hour of UTC, so that a moment moved within its quarter keeps its day."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def seen_elsewhere(contact: PastContact) -> PastContact:
    """Without case, contact point and creditor; the moment is the last of its quarter of an hour.

    The `until` of a denial would else tell the second of somebody else's call. Later, never earlier: no cap is loosened
    by it, and every day and week that is counted stays the same.
    """
    begun = contact.at - (contact.at - _EPOCH) % GRAIN
    return replace(
        contact,
        at=begun + GRAIN - _TICK,
        case_id=ELSEWHERE,
        contact_point_id=None,
        group=None,
        discussed_cases=(),
    )


def refused_elsewhere(
    channel: str, is_at_one_point: bool, is_at_work: bool, points: tuple[ContactPoint, ...]
) -> list[OptOut]:
    """A medium refused to us in another case is refused to us (12 CFR 1006.14(h)(1): "any debt").

    Which of the person's own addresses is the refused one only the vault could tell, so all of that channel are, where
    they are of the same kind of place: who refuses calls at work has not refused them at home.
    """
    if not is_at_one_point:
        return [OptOut(channel)]
    return [
        OptOut(channel, str(point.contact_point_id))
        for point in points
        if point.kind in POINT_KINDS.get(channel, ()) and (point.place == "work") == is_at_work
    ]
