"""The harm budget: a hostile strategy is throttled soon, a decent one never, and noise stops nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from services.outreach.adapters.budgets import load_budgets
from services.outreach.domain.harm_budget import (
    CONTACT,
    HARMS,
    Budget,
    Limit,
    Standing,
    budget_fact,
    judge,
    rate,
    rates,
    wilson,
    window_begins_on,
)
from services.outreach.domain.ladder import Ladder, Step, rested

TODAY = date(2026, 3, 10)
BUDGETS = load_budgets()
LIMITS = {kind: Limit(slow=30, stop=60) for kind in HARMS}
BUDGET = Budget("standard", LIMITS, 28, 100, 14, 7, 70, "invented for the tests")
OK = Standing("ok", TODAY - timedelta(days=100))


def counted(contacts: int, **harms: int) -> dict[str, int]:
    return {CONTACT: contacts, **harms}


def first_throttled(
    budget: Budget, chances: dict[str, float], seed: int, contacts: int
) -> tuple[int | None, int | None]:
    """Contacts made until it was slowed and until it was stopped, judged after each one as it is made."""
    chance, standing, total, slowed = Random(seed), OK, counted(0), None
    for number in range(1, contacts + 1):
        total[CONTACT] += 1
        for kind, probability in chances.items():
            if chance.random() < probability:
                total[kind] = total.get(kind, 0) + 1
        standing = judge(budget, standing, total, TODAY)
        if standing.state == "slowed" and slowed is None:
            slowed = number
        if standing.state == "stopped":
            return slowed or number, number
    return slowed, None


@pytest.mark.parametrize("strategy", sorted(BUDGETS.by_strategy))
@pytest.mark.parametrize("seed", range(5))
def test_a_hostile_strategy_is_stopped_within_thirty_contacts_of_its_minimum(strategy: str, seed: int) -> None:
    budget = BUDGETS.of(strategy)
    slowed, stopped = first_throttled(budget, {"complaint": 0.25, "distress": 0.1}, seed, 1_000)
    assert stopped is not None
    assert slowed is not None
    assert slowed <= stopped <= budget.minimum_contacts + 30


@pytest.mark.parametrize("seed", range(5))
def test_twice_the_limit_that_stops_is_enough_within_two_thousand_contacts(seed: int) -> None:
    limit = BUDGETS.of("standard").limits["complaint"]
    _, stopped = first_throttled(BUDGETS.of("standard"), {"complaint": 2 * limit.stop / 1_000}, seed, 2_000)
    assert stopped is not None


@pytest.mark.parametrize("strategy", sorted(BUDGETS.by_strategy))
@pytest.mark.parametrize("seed", range(5))
def test_a_decent_strategy_is_never_throttled(strategy: str, seed: int) -> None:
    """At half of what slows, looked at after each of three thousand contacts."""
    budget = BUDGETS.of(strategy)
    chances = {kind: limit.slow / 2_000 for kind, limit in budget.limits.items()}
    assert first_throttled(budget, chances, seed, 3_000) == (None, None)


@pytest.mark.parametrize(
    ("strategy", "seen"),
    [
        ("gentle_reminder", counted(577, complaint=1, dispute=3, opt_out=7)),
        ("standard", counted(1_579, complaint=1, dispute=32, opt_out=17)),
        ("firm", counted(421, dispute=4, opt_out=3)),
        ("care", counted(30)),
        ("plan_rescue", counted(3, opt_out=1)),
    ],
)
def test_the_main_jobs_figures_slow_nobody(strategy: str, seen: dict[str, int]) -> None:
    """What 22 days of the main job with seed 1 came to; three times as much harm slows nobody either."""
    more = {kind: n * (1 if kind == CONTACT else 3) for kind, n in seen.items()}
    assert judge(BUDGETS.of(strategy), OK, seen, TODAY) == OK
    assert judge(BUDGETS.of(strategy), OK, more, TODAY) == OK


def test_few_contacts_are_noise_whatever_followed_them() -> None:
    assert judge(BUDGET, OK, counted(99, complaint=99), TODAY) == OK
    assert judge(BUDGET, OK, counted(100, complaint=100), TODAY).state == "stopped"


def test_a_rate_above_the_limit_by_chance_alone_stops_nothing() -> None:
    measured = rate("complaint", 7, 100)
    assert measured.per_thousand == 70 > LIMITS["complaint"].stop
    assert measured.at_least < 60
    assert judge(BUDGET, OK, counted(100, complaint=7), TODAY).state == "slowed"
    assert judge(BUDGET, OK, counted(100, complaint=4), TODAY) == OK


def test_more_harms_than_contacts_are_all_of_them() -> None:
    assert rate("complaint", 500, 100).per_thousand == 1_000


@pytest.mark.parametrize("kind", HARMS)
def test_every_kind_of_harm_counts_by_itself(kind: str) -> None:
    assert judge(BUDGET, OK, counted(1_000, **{kind: 200}), TODAY).state == "stopped"


def test_a_stop_lasts_its_days_and_then_goes_on_slowly_with_a_fresh_count() -> None:
    stopped = judge(BUDGET, OK, counted(1_000, complaint=200), TODAY)
    assert judge(BUDGET, stopped, counted(1_000, complaint=200), TODAY + timedelta(days=13)) == stopped
    after = judge(BUDGET, stopped, counted(1_000, complaint=200), TODAY + timedelta(days=14))
    assert after == Standing("slowed", TODAY + timedelta(days=14), TODAY + timedelta(days=14))
    assert window_begins_on(BUDGET, after, TODAY + timedelta(days=14)) == TODAY + timedelta(days=14)
    assert judge(BUDGET, after, counted(100, complaint=50), TODAY + timedelta(days=15)).state == "stopped"


def test_it_is_fast_again_only_after_its_days_and_well_below_the_limit() -> None:
    slowed = Standing("slowed", TODAY)
    low, high = counted(1_000, complaint=21), counted(1_000, complaint=22)
    assert judge(BUDGET, slowed, low, TODAY + timedelta(days=6)) == slowed
    assert judge(BUDGET, slowed, low, TODAY + timedelta(days=7)).state == "ok"
    assert judge(BUDGET, slowed, high, TODAY + timedelta(days=7)) == slowed


def test_between_the_limits_it_does_not_flap() -> None:
    slowed = judge(BUDGET, OK, counted(1_000, complaint=45), TODAY)
    assert slowed.state == "slowed"
    assert judge(BUDGET, slowed, counted(1_000, complaint=45), TODAY + timedelta(days=30)) == slowed


def test_the_window_has_its_days_with_today() -> None:
    assert window_begins_on(BUDGET, OK, TODAY) == TODAY - timedelta(days=27)


def test_half_of_the_cases_wait_and_not_always_the_same() -> None:
    cases = [UUID(int=number) for number in range(2_000)]
    places = [budget_fact("slowed", case, TODAY).draw for case in cases]
    assert 900 < sum(place < 50 for place in places) < 1_100
    assert places == [budget_fact("slowed", case, TODAY).draw for case in cases]
    assert places != [budget_fact("slowed", case, TODAY + timedelta(days=7)).draw for case in cases]


def test_a_place_holds_until_the_next_draw() -> None:
    case = UUID(int=7)
    fact = budget_fact("slowed", case, TODAY)
    assert fact.draws_again_at is not None
    days = (fact.draws_again_at - datetime(2026, 3, 10, tzinfo=UTC)).days
    assert 1 <= days <= 7
    assert budget_fact("slowed", case, TODAY + timedelta(days=days - 1)) == fact
    assert budget_fact("slowed", case, TODAY + timedelta(days=days)).draws_again_at != fact.draws_again_at


def test_a_stopped_strategy_is_looked_at_again_tomorrow() -> None:
    assert budget_fact("stopped", UUID(int=7), TODAY).draws_again_at == datetime(2026, 3, 11, tzinfo=UTC)


def test_rests_are_doubled_while_slowed() -> None:
    ladder = Ladder("standard", (Step("reminder", ("email",), 0),), 0, 14, 4)
    assert rested(ladder).rest_days == 28


def test_every_strategy_has_a_budget_with_every_kind_and_a_reason() -> None:
    for strategy, budget in BUDGETS.by_strategy.items():
        assert budget.strategy == strategy
        assert budget.because
        assert [entry.kind for entry in rates(budget, {})] == list(HARMS)
    assert BUDGETS.of("one of tomorrow") == BUDGETS.of("standard")


def test_the_interval_holds_the_share_and_narrows() -> None:
    assert wilson(0.5, 0) == (0.0, 1.0)
    narrow, wide = wilson(0.1, 1_000), wilson(0.1, 100)
    assert wide[0] < narrow[0] < 0.1 < narrow[1] < wide[1]
