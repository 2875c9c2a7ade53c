"""When demands by a card bank are "effective" for the interpretation on malicious overdraft (2018), art. 6-7.

Only to know whether others may speak of a crime at all; nothing here may ever be put to a borrower as a threat.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.outreach.domain.law.dates import Answer, Given, days_after, months_after, read_day, text

DEMANDS_NEEDED = 2
DAYS_APART_MIN = 30
MONTHS_AFTER = 3


def effective_collections(given: Given) -> Answer:
    """How many demands count, and the day after which three months have passed since the second.

    `overdue_on`, `demands` [{on, is_receipt_provable, is_by_issuer}]. A demand counts once the overdraft is overdue,
    with provable receipt, and not within thirty days of the one counted before.
    """
    overdue_on = read_day(given, "overdue_on")
    counted: list[date] = []
    gap_days = None
    for on, is_good in sorted(
        (read_day(entry, "on"), entry.get("is_receipt_provable") is True and entry.get("is_by_issuer", True))
        for entry in given.get("demands", ())
    ):
        if not is_good or on <= overdue_on:
            continue
        if counted:
            gap_days = (on - counted[-1]).days
        if not counted or on >= days_after(counted[-1], DAYS_APART_MIN):
            counted.append(on)
    second_on = counted[DEMANDS_NEEDED - 1] if len(counted) >= DEMANDS_NEEDED else None
    return {
        "is_effective": second_on is not None,
        "counted": len(counted),
        "gap_days": gap_days,
        "min_gap_days": DAYS_APART_MIN,
        "second_on": text(second_on),
        "more_than_three_months_after": text(months_after(second_on, MONTHS_AFTER)) if second_on else None,
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"effective_collections": effective_collections}
