"""Money, identifiers, clocks: the words every stage stands on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.clock import FrozenClock, SandboxClock
from shared.kernel.identifiers import new_id
from shared.kernel.money import (
    MINOR_UNITS_MAX,
    CurrencyMismatch,
    Money,
    share_of,
    split_evenly,
    split_in_proportion,
)

AMOUNTS = st.integers(0, 10**12)


def test_amounts_of_two_currencies_never_meet_in_one_sum() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "USD") + Money(1, "CNY")
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "USD") < Money(2, "CNY")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown currency"):
        Money(1, "XXX")


def test_the_largest_amount_is_allowed_and_one_more_is_not() -> None:
    assert Money(MINOR_UNITS_MAX, "USD").minor_units == MINOR_UNITS_MAX
    with pytest.raises(OverflowError):
        Money(MINOR_UNITS_MAX + 1, "USD")


@given(AMOUNTS, st.integers(1, 600))
def test_an_even_split_sums_to_the_whole_and_differs_by_one_at_most(total: int, parts: int) -> None:
    shares = split_evenly(total, parts)
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_a_split_in_proportion_sums_to_the_whole_and_gives_nothing_for_no_weight(
    total: int, weights: list[int]
) -> None:
    shares = split_in_proportion(total, weights)
    assert sum(shares) == total
    assert all(share >= 0 for share in shares)
    assert all(share <= 1 for share, weight in zip(shares, weights, strict=True) if weight == 0)


@pytest.mark.parametrize(("amount", "points", "share"), [(100, 5_000, 50), (1, 5_000, 1), (1, 4_999, 0), (999, 0, 0)])
def test_a_share_is_rounded_half_up(amount: int, points: int, share: int) -> None:
    assert share_of(amount, points) == share


def test_identifiers_are_version_7_and_ordered_by_time() -> None:
    ids = [new_id() for _ in range(1_000)]
    assert ids == sorted(set(ids))
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}
    milliseconds = [i.int >> 80 for i in ids]
    assert milliseconds == sorted(milliseconds)
    assert len(set(ids)) == len(ids)


def test_a_frozen_clock_stands_still_and_never_runs_back() -> None:
    clock = FrozenClock(datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(timedelta(seconds=-1))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        FrozenClock(datetime(2026, 3, 2, 10, 0))  # noqa: DTZ001 - the point of the test


def test_every_reader_of_a_sandbox_clock_sees_the_driver_move_it(tmp_path: Path) -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    driver = SandboxClock.create(tmp_path / "clock", start)
    reader = SandboxClock(tmp_path / "clock")
    assert reader.now() == start
    driver.set(start + timedelta(hours=4, microseconds=7))
    assert reader.now() == start + timedelta(hours=4, microseconds=7)
    with pytest.raises(ValueError, match="backwards"):
        driver.set(start)
