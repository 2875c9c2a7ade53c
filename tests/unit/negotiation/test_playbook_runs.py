"""The default playbook as a state machine, and how many plans there may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.negotiation.domain.watch.cures import CureCount, rates, within_months
from services.negotiation.domain.watch.limits import OUR_LIMIT
from services.negotiation.domain.watch.playbook import (
    AFTER_LADDER,
    ENDINGS,
    REASSESS_WITHIN,
    STEPS,
    PlaybookStep,
    Run,
    advance,
)

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = date(2026, 3, 20)


def begun(number: int = 1, at: datetime = NOW) -> Run:
    return Run(UUID(int=number), UUID(int=2), UUID(int=3), UUID(int=4), at)


class AnyPlaybook(RuleBasedStateMachine):
    """Steps of several topics in any order, twice, and after the end."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = [begun()]
        self.now = NOW
        self.recorded: list[PlaybookStep] = ["detected"]

    @rule(step=st.sampled_from(STEPS))
    def step_comes(self, step: PlaybookStep) -> None:
        self.now += timedelta(minutes=1)
        before = self.runs[-1]
        after = advance(before, step, self.now)
        if after is None:
            return
        assert step not in before.steps
        assert before.is_running or step in AFTER_LADDER
        self.runs[-1] = after
        self.recorded.append(step)
        assert advance(after, step, self.now) is None, "twice is the same as once"

    @precondition(lambda self: self.runs[-1].ended_by in ("healed", "agreed_again"))
    @rule()
    def the_plan_breaks_again(self) -> None:
        self.runs.append(begun(len(self.runs) + 1, self.now))
        self.recorded = ["detected"]

    @invariant()
    def never_two_run(self) -> None:
        assert sum(run.is_running for run in self.runs) <= 1

    @invariant()
    def each_step_is_recorded_once_a_run(self) -> None:
        assert len(set(self.recorded)) == len(self.recorded)
        assert set(self.recorded) == self.runs[-1].steps

    @invariant()
    def a_run_is_over_exactly_when_an_ending_was_recorded(self) -> None:
        for run in self.runs:
            assert run.is_running == (run.ended_at is None) == (not run.steps & ENDINGS)


TestAnyPlaybook = AnyPlaybook.TestCase
TestAnyPlaybook.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


def test_every_step_has_its_place() -> None:
    assert set(get_args(PlaybookStep)) == set(STEPS)
    assert len(set(STEPS)) == len(STEPS)


def test_every_ending_can_be_reached() -> None:
    for step in ENDINGS:
        run = advance(begun(), step, NOW)
        assert run is not None
        assert run.ended_by == step


def test_a_run_is_stalled_when_nobody_re_assessed_in_time() -> None:
    late = NOW + REASSESS_WITHIN
    assert not begun().is_stalled(late - timedelta(seconds=1))
    assert begun().is_stalled(late)
    for step in ("reassessed", "stalled", "healed"):
        run = advance(begun(), step, NOW)
        assert run is not None
        assert not run.is_stalled(late)


@pytest.mark.parametrize(
    ("agreed", "reached"),
    [
        ([], None),
        ([date(2026, 1, 1)], None),
        ([date(2026, 1, 1), date(2026, 3, 1)], "per_year"),
        ([date(2025, 3, 20), date(2026, 3, 1)], None),
        ([date(2025, 3, 21), date(2026, 3, 1)], "per_year"),
        ([date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1)], "per_case"),
    ],
)
def test_the_limits_of_plans(agreed: list[date], reached: str | None) -> None:
    assert OUR_LIMIT.reached(agreed, TODAY) == reached


def test_a_year_ago_is_the_last_day_of_a_short_february() -> None:
    agreed = [date(2027, 2, 28), date(2027, 3, 1)]
    assert OUR_LIMIT.reached(agreed, date(2028, 2, 29)) is None
    assert OUR_LIMIT.reached(agreed, date(2028, 2, 28)) is None
    assert OUR_LIMIT.reached([date(2027, 3, 1), date(2027, 3, 2)], date(2028, 2, 29)) == "per_year"


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2026, 8, 30), None),
        (date(2026, 8, 31), 6),
        (date(2027, 2, 27), 6),
        (date(2027, 2, 28), 12),
        (date(2027, 8, 30), 12),
        (date(2027, 8, 31), None),
    ],
)
def test_six_and_twelve_months_after_a_cure_end_with_a_day_of_the_month(on: date, months: int | None) -> None:
    assert within_months(date(2026, 8, 31), on) == months


def test_small_groups_are_hidden_and_young_cures_give_no_rate() -> None:
    counts = [
        CureCount("illness", 9, 9, 1, 9, 1),
        CureCount("job_loss", 10, 10, 1, 9, 2),
        CureCount("oversight", 30, 30, 3, 20, 5),
    ]
    assert [(r.group, r.within_6, r.within_12) for r in rates(counts)] == [
        ("oversight", 1_000, 2_500),
        ("job_loss", 1_000, None),
    ]
