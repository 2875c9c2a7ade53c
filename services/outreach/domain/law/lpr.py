"""The one-year loan prime rate of China, in basis points, from each day on which another value was published.

Published on the 20th of a month (the next business day where that is none). A contract formed after the last day known
here has no answer: the caller hands the rate in. Values from memory of the public series: have them checked.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

KNOWN_UNTIL = date(2025, 11, 30)
CONFIDENCE = "memory"

_SERIES: tuple[tuple[date, int], ...] = (
    (date(2019, 8, 20), 425),
    (date(2019, 9, 20), 420),
    (date(2019, 11, 20), 415),
    (date(2020, 2, 20), 405),
    (date(2020, 4, 20), 385),
    (date(2021, 12, 20), 380),
    (date(2022, 1, 20), 370),
    (date(2022, 8, 22), 365),
    (date(2023, 6, 20), 355),
    (date(2023, 8, 21), 345),
    (date(2024, 7, 22), 335),
    (date(2024, 10, 21), 310),
    (date(2025, 5, 20), 300),
)


def one_year_lpr(on: date) -> int | None:
    """The value in force on that day, in basis points; None where it is not known here."""
    if on > KNOWN_UNTIL:
        return None
    position = bisect_right(_SERIES, on, key=lambda entry: entry[0])
    return _SERIES[position - 1][1] if position else None
