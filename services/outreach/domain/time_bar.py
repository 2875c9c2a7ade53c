"""Whether a debt may still be sued for, by the little that a case file knows: when its oldest part fell due.

Strict by construction: nothing that might have started the time anew is counted, and where the years differ inside a
country the shortest ones decide. What that cannot answer is unknown, and an unknown debt goes to no court.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from services.outreach.domain.law.dates import years_after
from services.outreach.domain.law.limitation import limitation_end

Standing = Literal["open", "expired", "unknown"]

SHORTEST_YEARS = {"US": 3, "GB": 5}
"""No state of the US bars a written consumer debt sooner (some after three years, CPLR 214-i for one; 12 CFR 1006.26
forbids to sue on a barred one); Scotland's five years are Great Britain's shortest. Older than that: it depends."""


def limitation_standing(jurisdiction: str, oldest_due_on: date | None, today: date) -> Standing:
    """`today`: the day where the person is. The last day of the period is still inside it."""
    if oldest_due_on is None or oldest_due_on > today:
        return "unknown"
    if jurisdiction == "CN":
        given = {"jurisdiction": "CN", "due_on": oldest_due_on, "as_of": today}
        return "expired" if limitation_end(given)["is_expired"] else "open"
    years = SHORTEST_YEARS.get(jurisdiction)
    if years is None or today > years_after(oldest_due_on, years):
        return "unknown"
    return "open"
