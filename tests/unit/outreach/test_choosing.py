"""The chooser: only what the gate allowed, the planted best arm is found, and no winner where there is none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.adapters.choices import choice_from
from services.outreach.domain.choosing import (
    OPTIONS_MAX,
    Arm,
    Choice,
    NotAllowed,
    Option,
    Tally,
    arm_at,
    choose,
    choose_again,
    is_proven_better,
)
from services.outreach.domain.gate.canonical import canonical
from services.outreach.domain.gate.decision import Decision
from services.outreach.domain.gate.packs import Packs

NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)
ARMS = [
    Arm(channel, band, day)
    for channel in ("email", "sms", "call")
    for band in ("morning", "afternoon", "evening")
    for day in ("weekday", "weekend")
]


def decision(verdict: str = "allow", facts_hash: str = "f" * 64) -> Decision:
    return Decision(
        verdict=verdict,  # type: ignore[arg-type]  # of the property test below
        until=None,
        rules=(),
        facts_text="{}",
        facts_hash=facts_hash,
        packs=(),
        pack_hash="p" * 64,
        loaded=Packs([]),
    )


def option(arm: Arm, hours: int = 0) -> Option:
    return Option.of(decision(), arm, NOON + timedelta(hours=hours), "point-1")


TALLIES = st.builds(
    lambda responses, harms, silent: Tally(responses + harms + silent, responses, harms),
    st.integers(0, 50),
    st.integers(0, 20),
    st.integers(0, 500),
)


@given(
    verdicts=st.lists(st.tuples(st.sampled_from(ARMS), st.sampled_from(["allow", "deny", "review"])), max_size=40),
    known=st.dictionaries(st.sampled_from(ARMS), TALLIES),
    seed=st.text(max_size=20),
    explore_percent=st.integers(0, 100),
)
def test_only_what_the_gate_allowed_is_ever_chosen(
    verdicts: list[tuple[Arm, str]], known: dict[Arm, Tally], seed: str, explore_percent: int
) -> None:
    allowed: list[Option] = []
    for number, (arm, verdict) in enumerate(verdicts):
        asked = decision(verdict, facts_hash=f"{number}")
        if verdict == "allow":
            allowed.append(Option.of(asked, arm, NOON, "point-1"))
            continue
        with pytest.raises(NotAllowed):
            Option.of(asked, arm, NOON, "point-1")
    if not allowed:
        with pytest.raises(ValueError, match="nothing is allowed"):
            choose("standard:US:en", allowed, known, seed, explore_percent)
        return
    choice = choose("standard:US:en", allowed, known, seed, explore_percent)
    assert choice.option in allowed[:OPTIONS_MAX]
    assert choose_again(choice) == choice


def test_a_kept_choice_comes_out_the_same_when_made_again() -> None:
    known = {arm: Tally(40 + n, n, n % 3) for n, arm in enumerate(ARMS)}
    for number in range(200):
        options = [option(arm, hours) for hours, arm in enumerate(ARMS)]
        choice = choose("standard:US:en", options, known, f"attempt-{number}", 20)
        kept = canonical({**choice.inputs(), "chosen": choice.chosen, "why": choice.why})
        assert choose_again(choice_from(kept)) == choice


def test_a_choice_that_was_tampered_with_does_not_come_out_the_same() -> None:
    options = [option(arm) for arm in ARMS[:2]]
    choice = choose("standard:US:en", options, {}, "attempt-1", 0)
    assert choose_again(replace(choice, chosen=1)) != replace(choice, chosen=1)
    assert replace(choice, tallies=(Tally(9, 9, 0), Tally())).snapshot_hash != choice.snapshot_hash


def learn(chances: dict[Arm, float], decisions: int, *, harms: dict[Arm, float] | None = None) -> list[Choice]:
    """Choose, see what follows, and learn, as often as that."""
    chance, known = Random(7), dict.fromkeys(chances, Tally())
    made = []
    for number in range(decisions):
        choice = choose("standard:US:en", [option(arm) for arm in chances], known, f"attempt-{number}", 20)
        arm = choice.option.arm
        was_harmed = chance.random() < (harms or {}).get(arm, 0.0)
        has_answered = not was_harmed and chance.random() < chances[arm]
        tally = known[arm]
        known[arm] = Tally(tally.trials + 1, tally.responses + has_answered, tally.harms + was_harmed)
        made.append(choice)
    return made


def test_the_planted_best_arm_is_found() -> None:
    chances = dict.fromkeys(ARMS[:6], 0.05)
    chances[ARMS[4]] = 0.35
    late = learn(chances, 6_000)[-1_000:]
    assert Counter(choice.option.arm for choice in late)[ARMS[4]] > 850
    assert {choice.why for choice in late} == {"explored", "proven"}


def test_an_arm_that_harms_is_left_although_it_is_answered() -> None:
    chances = {ARMS[0]: 0.3, ARMS[2]: 0.2}
    late = learn(chances, 6_000, harms={ARMS[0]: 0.15})[-1_000:]
    assert Counter(choice.option.arm for choice in late)[ARMS[2]] > 850


def test_identical_arms_have_no_winner() -> None:
    made = learn(dict.fromkeys(ARMS[:6], 0.1), 4_000)
    assert sum(choice.why == "proven" for choice in made) < 40
    fixed = [choice for choice in made if choice.why == "fixed_order"]
    assert {choice.chosen for choice in fixed} == {0}


def test_the_share_that_explores_is_bounded() -> None:
    made = [choose("s", [option(arm) for arm in ARMS], {}, f"attempt-{number}", 20) for number in range(2_000)]
    assert 340 < sum(choice.why == "explored" for choice in made) < 460
    never = [choose("s", [option(arm) for arm in ARMS], {}, f"attempt-{number}", 0) for number in range(200)]
    assert {choice.option.arm for choice in never} == {ARMS[0]}


def test_a_harm_weighs_several_silences() -> None:
    assert Tally(10, 5, 0).reward > Tally(10, 5, 1).reward
    assert Tally(1, 0, 1).posterior == (1, 6)


def test_intervals_that_touch_prove_nothing() -> None:
    assert not is_proven_better(Tally(50, 10, 0), Tally(50, 5, 0))
    assert is_proven_better(Tally(1_000, 200, 0), Tally(1_000, 100, 0))


@pytest.mark.parametrize(
    ("hour", "minute", "band"),
    [
        (7, 59, "night"),
        (8, 0, "morning"),
        (11, 59, "morning"),
        (12, 0, "afternoon"),
        (16, 59, "afternoon"),
        (17, 0, "evening"),
        (20, 59, "evening"),
        (21, 0, "night"),
    ],
)
def test_the_part_of_the_day_is_the_persons(hour: int, minute: int, band: str) -> None:
    place = ZoneInfo("Asia/Shanghai")
    at = datetime(2026, 3, 10, hour, minute, tzinfo=place)
    assert arm_at("sms", at.astimezone(UTC), place) == Arm("sms", band, "weekday")


def test_the_weekend_is_the_persons() -> None:
    at = datetime(2026, 3, 13, 17, tzinfo=UTC)  # Saturday in Shanghai, Friday in New York
    assert arm_at("sms", at, ZoneInfo("Asia/Shanghai")).day == "weekend"
    assert arm_at("sms", at, ZoneInfo("America/New_York")).day == "weekday"


def test_no_more_options_than_the_limit_are_looked_at() -> None:
    many = [option(arm, hours) for hours in range(3) for arm in ARMS]
    assert len(choose("s", many, {}, "attempt-1", 100).options) == OPTIONS_MAX
    assert choose("s", many, {}, "attempt-1", 0).option == many[0]
