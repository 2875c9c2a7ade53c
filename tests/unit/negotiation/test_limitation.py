"""The limitation clock: both sides of every last day, and what starts it anew where."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from services.negotiation.domain.legal.limitation import REGIMES, EventKind, LimitationEvent, limitation, regime_of

DAY = timedelta(days=1)


def happened(kind: EventKind, on: date, until: date | None = None) -> LimitationEvent:
    return LimitationEvent(kind, on, "shown", until)


@pytest.mark.parametrize(
    ("jurisdiction", "region", "due_on", "last"),
    [
        ("CN", None, date(2023, 3, 2), date(2026, 3, 2)),
        ("CN", None, date(2024, 2, 29), date(2027, 2, 28)),
        ("GB", "ENG", date(2020, 2, 29), date(2026, 2, 28)),
        ("GB", "ENG", date(2018, 2, 28), date(2024, 2, 28)),
        ("GB", "SCT", date(2020, 2, 29), date(2025, 2, 28)),
        ("GB", None, date(2020, 6, 1), date(2025, 6, 1)),
        ("US", "NY", date(2023, 1, 31), date(2026, 1, 31)),
        ("US", "US-CA", date(2022, 1, 31), date(2026, 1, 31)),
        ("US", "OH", date(2023, 1, 31), date(2026, 1, 31)),
    ],
)
def test_the_last_day_is_inside_and_the_next_one_is_not(
    jurisdiction: str, region: str | None, due_on: date, last: date
) -> None:
    limit = limitation(due_on, [], regime_of(jurisdiction, region))
    assert limit.ends_on == last
    assert (limit.is_open(last), limit.is_open(last + DAY)) == (True, False)
    assert (limit.is_over(last), limit.is_over(last + DAY)) == (False, True)


@pytest.mark.parametrize("jurisdiction", ["IE", "AU", "SG", "IN"])
def test_where_the_law_is_not_known_nothing_is_open_and_nothing_over(jurisdiction: str) -> None:
    limit = limitation(date(2026, 1, 1), [], regime_of(jurisdiction, None))
    assert limit.ends_on is None
    assert not limit.is_open(date(2026, 1, 1))
    assert not limit.is_over(date(2126, 1, 1))
    assert limit.why == ("place_unknown",)


def test_without_a_due_day_nothing_is_known() -> None:
    assert limitation(None, [], REGIMES["CN"]).why == ("due_day_unknown",)


def test_our_own_demand_starts_the_time_anew_in_china_and_nowhere_else() -> None:
    due_on, demand = date(2024, 1, 10), [happened("demand_delivered", date(2025, 6, 1))]
    assert limitation(due_on, demand, REGIMES["CN"]).ends_on == date(2028, 6, 1)
    for code in REGIMES.keys() - {"CN"}:
        assert limitation(due_on, demand, REGIMES[code]) == limitation(due_on, [], REGIMES[code])


@pytest.mark.parametrize("code", sorted(REGIMES))
@pytest.mark.parametrize("kind", ["demand_delivered", "promise", "part_payment", "written_acknowledgment", "suit"])
def test_what_comes_after_the_last_day_revives_nothing(code: str, kind: EventKind) -> None:
    regime, due_on = REGIMES[code], date(2015, 5, 5)
    last = limitation(due_on, [], regime).ends_on
    assert last is not None
    assert limitation(due_on, [happened(kind, last + DAY)], regime).ends_on == last
    on_the_last_day = limitation(due_on, [happened(kind, last)], regime).ends_on
    assert (on_the_last_day != last) == (kind in regime.restarted_by)


def test_a_payment_on_29_february_counts_to_the_28th() -> None:
    paid = [happened("part_payment", date(2024, 2, 29))]
    assert limitation(date(2020, 1, 1), paid, REGIMES["GB-EW"]).ends_on == date(2030, 2, 28)


def test_nothing_goes_beyond_the_long_stop() -> None:
    due_on = date(2000, 7, 1)
    demands = [happened("demand_delivered", date(2000 + years, 6, 30)) for years in range(2, 40, 2)]
    limit = limitation(due_on, demands, REGIMES["CN"])
    assert limit.ends_on == date(2020, 7, 1)
    assert limit.why[-1] == "long_stop"


def test_an_obstacle_in_the_last_six_months_leaves_six_months() -> None:
    due_on = date(2023, 3, 2)
    early = [happened("obstacle", date(2025, 1, 1), date(2025, 9, 1))]
    late = [happened("obstacle", date(2025, 1, 1), date(2025, 9, 2))]
    assert limitation(due_on, early, REGIMES["CN"]).ends_on == date(2026, 3, 2)
    assert limitation(due_on, late, REGIMES["CN"]).ends_on == date(2026, 3, 2)
    longer = [happened("obstacle", date(2025, 12, 1), date(2026, 2, 1))]
    assert limitation(due_on, longer, REGIMES["CN"]).ends_on == date(2026, 8, 1)
    assert limitation(due_on, longer, REGIMES["GB-EW"]).ends_on == date(2029, 3, 2)


def test_the_order_in_which_events_are_told_makes_no_difference() -> None:
    chance = random.Random(5)
    kinds: tuple[EventKind, ...] = ("demand_delivered", "promise", "part_payment", "suit")
    for _ in range(500):
        due_on = date(2015, 1, 1) + chance.randrange(1_000) * DAY
        events = [happened(chance.choice(kinds), due_on + chance.randrange(4_000) * DAY) for _ in range(6)]
        shuffled = chance.sample(events, k=len(events))
        for regime in REGIMES.values():
            assert limitation(due_on, events, regime) == limitation(due_on, shuffled, regime)


def test_what_is_not_known_of_a_country_never_lasts_longer_than_any_part_of_it() -> None:
    due_on = date(2020, 2, 29)
    for country in ("GB", "US"):
        unknown = limitation(due_on, [], REGIMES[country]).ends_on
        assert unknown is not None
        parts = [limitation(due_on, [], r).ends_on for code, r in REGIMES.items() if code.startswith(f"{country}-")]
        assert all(part is not None and unknown <= part for part in parts)
