"""The escalation ladder: what comes next, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.outreach.adapters.ladders import load_ladders
from services.outreach.domain.ladder import Ladder, Progress, Step, after_outcome, change_strategy, climb, start

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LADDER = Ladder(
    strategy="standard",
    steps=(
        Step("reminder", ("email",), 0),
        Step("call", ("call",), 3, tries_max=2, retry_after_hours=24),
        Step("letter", ("letter",), 7),
    ),
    repeat_from=1,
    rest_days=14,
    rounds_max=2,
)


def standing_on(step: int, **changes: object) -> Progress:
    return replace(start("standard", AT), step=step, **changes)  # type: ignore[arg-type]  # fields by name


def test_the_first_step_is_due_at_once() -> None:
    assert start("standard", AT).due_at == AT


def test_the_next_step_comes_after_its_days() -> None:
    after = after_outcome(standing_on(0), LADDER, "sent", AT)
    assert (after.step, after.due_at) == (1, AT + timedelta(days=3))


@pytest.mark.parametrize("outcome", ["no_answer", "not_connected", "failed"])
def test_a_call_that_reached_nobody_is_tried_again_once(outcome: str) -> None:
    again = after_outcome(standing_on(1), LADDER, outcome, AT)
    assert (again.step, again.tries, again.due_at) == (1, 1, AT + timedelta(hours=24))
    after = after_outcome(again, LADDER, outcome, AT)
    assert (after.step, after.tries, after.due_at) == (2, 0, AT + timedelta(days=7))


@pytest.mark.parametrize("outcome", ["conversation", "unknown", "sent", "delivered"])
def test_a_call_that_may_have_reached_somebody_is_not_repeated(outcome: str) -> None:
    assert after_outcome(standing_on(1), LADDER, outcome, AT).step == 2


def test_after_the_last_step_the_ladder_rests_and_begins_again_until_its_last_round() -> None:
    second_round = climb(standing_on(2), LADDER, AT)
    assert (second_round.step, second_round.round, second_round.due_at) == (1, 2, AT + timedelta(days=14))
    done = climb(replace(second_round, step=2), LADDER, AT)
    assert (done.is_finished, done.due_at) == (True, None)


def test_another_strategy_goes_on_at_the_same_height_and_not_sooner() -> None:
    shorter = replace(LADDER, strategy="care", steps=LADDER.steps[:2])
    changed = change_strategy(standing_on(2, due_at=AT + timedelta(days=5), tries=1), shorter, AT)
    assert (changed.strategy, changed.step, changed.tries) == ("care", 1, 0)
    assert changed.due_at == AT + timedelta(days=5)


def test_a_finished_ladder_begins_again_with_another_strategy_after_its_rest() -> None:
    changed = change_strategy(standing_on(2, is_finished=True, due_at=None), LADDER, AT)
    assert (changed.step, changed.is_finished, changed.due_at) == (0, False, AT + timedelta(days=14))


def test_every_strategy_of_assessment_has_a_ladder_and_care_never_calls() -> None:
    ladders = load_ladders()
    assert set(ladders.by_strategy) == {"gentle_reminder", "standard", "firm", "care", "plan_rescue"}
    assert {channel for step in ladders.of("care").steps for channel in step.channels} <= {"email", "letter"}
    assert ladders.of("a strategy of tomorrow").strategy == ladders.fallback
    for ladder in ladders.by_strategy.values():
        assert ladder.steps[0].after_days == 0
        assert all(step.after_days >= 3 for step in ladder.steps[1:])
