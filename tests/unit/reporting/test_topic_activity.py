"""The last hour of a topic, by the machines' clocks."""

from __future__ import annotations

from services.reporting.domain.topic_activity import MINUTE_MS, Minute, Minutes, last_hour, note

NOON = 29_000_000 * MINUTE_MS


def test_delays_run_from_the_making_and_never_below_zero() -> None:
    minutes = note({}, NOON, [NOON - 300, NOON - 100, NOON + 5_000])
    assert minutes == {29_000_000: Minute(events=3, delay_sum_ms=400, delay_max_ms=300)}


def test_batches_of_one_minute_add_up() -> None:
    minutes = note(note({}, NOON, [NOON - 10]), NOON + MINUTE_MS - 1, [NOON + MINUTE_MS - 31])
    assert minutes == {29_000_000: Minute(events=2, delay_sum_ms=40, delay_max_ms=30)}


def test_a_minute_is_kept_for_an_hour_and_not_longer() -> None:
    minutes: Minutes = note({}, NOON, [NOON])
    assert len(note(minutes, NOON + 59 * MINUTE_MS, [NOON])) == 2
    assert len(note(minutes, NOON + 60 * MINUTE_MS, [NOON])) == 1


def test_the_hour_is_shown_with_its_quiet_minutes_the_current_one_last() -> None:
    hour = last_hour(note({}, NOON, [NOON]), NOON + 2 * MINUTE_MS)
    assert [minute.events for minute in hour] == [0] * 57 + [1, 0, 0]
    assert sum(minute.events for minute in last_hour(note({}, NOON, [NOON]), NOON + 60 * MINUTE_MS)) == 0
