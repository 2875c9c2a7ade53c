"""No debt goes to court where it may be too old for one: both sides of the last day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest

from services.outreach.domain.time_bar import limitation_standing
from shared.events.terms import Jurisdiction

DUE = date(2023, 3, 2)
A_DAY = timedelta(days=1)
LAST_DAYS = {"CN": date(2026, 3, 2), "US": date(2026, 3, 2), "GB": date(2028, 3, 2)}


@pytest.mark.parametrize(("place", "last_day"), LAST_DAYS.items())
def test_the_last_day_of_the_period_is_inside_it(place: str, last_day: date) -> None:
    assert limitation_standing(place, DUE, last_day) == "open"
    assert limitation_standing(place, DUE, DUE) == "open"


def test_after_it_a_debt_in_china_is_expired_unless_somebody_shows_otherwise() -> None:
    assert limitation_standing("CN", DUE, LAST_DAYS["CN"] + A_DAY) == "expired"


@pytest.mark.parametrize("place", ["US", "GB"])
def test_after_the_shortest_years_of_a_country_nobody_knows(place: str) -> None:
    assert limitation_standing(place, DUE, LAST_DAYS[place] + A_DAY) == "unknown"


@pytest.mark.parametrize("place", sorted(set(get_args(Jurisdiction)) - set(LAST_DAYS)))
def test_where_the_years_are_not_known_the_answer_is_unknown(place: str) -> None:
    assert limitation_standing(place, DUE, DUE + A_DAY) == "unknown"


@pytest.mark.parametrize("place", get_args(Jurisdiction))
def test_without_a_day_or_with_one_to_come_the_answer_is_unknown(place: str) -> None:
    assert limitation_standing(place, None, DUE) == "unknown"
    assert limitation_standing(place, DUE + A_DAY, DUE) == "unknown"
