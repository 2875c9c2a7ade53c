"""A case row is a function of the set of its facts: any order, any stopping place, the same row."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.adapters.rows import case_from_state, case_to_row
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.facts import Fact
from services.reporting.domain.figures import contribution, liquidation, shift
from services.reporting.domain.project_case import project
from services.reporting.domain.statement import booked, case_line
from tests.conformance.lives import STORIES, Life, lives
from tests.unit.reporting.builders import Story, at_one_moment, facts_of

LIVES = [life for life in lives(3, 4 * len(STORIES)) if facts_of(life)]


def row_of(facts: list[Fact]) -> CaseRow:
    row = project(facts)
    assert row is not None
    return row


def story(tell: Callable[[Story], object]) -> list[Fact]:
    told = Story()
    tell(told)
    return told.facts


@given(st.sampled_from(LIVES), st.randoms(use_true_random=False), st.booleans())
def test_facts_heard_twice_in_any_order_give_the_same_row(life: Life, numbers: random.Random, is_still: bool) -> None:
    facts = at_one_moment(facts_of(life)) if is_still else facts_of(life)
    shuffled = facts + facts
    numbers.shuffle(shuffled)
    once = list({fact.event_id: fact for fact in shuffled}.values())  # what the subscriber's inbox does
    assert project(once) == project(facts)


@given(st.sampled_from(LIVES), st.data())
def test_a_stored_row_and_the_rest_of_the_facts_give_the_fresh_row(life: Life, data: st.DataObject) -> None:
    facts = facts_of(life)
    cut = data.draw(st.integers(1, len(facts)))
    state: str = case_to_row(row_of(facts[:cut]))[-1]
    assert project(facts[cut:], case_from_state(state)) == row_of(facts)


@given(st.lists(st.sampled_from(LIVES), min_size=1, max_size=4, unique_by=id), st.randoms(use_true_random=False))
def test_totals_moved_step_by_step_are_the_sum_of_the_rows(chosen: list[Life], numbers: random.Random) -> None:
    facts = [fact for life in chosen for fact in facts_of(life)]
    numbers.shuffle(facts)
    rows: dict[object, CaseRow] = {}
    moved = shift([])
    for fact in facts:
        old = rows.get(fact.key)
        rows[fact.key] = row_of_one(old, fact)
        step = shift([(old, rows[fact.key])])
        for key, figures in step.portfolio.items():
            moved.portfolio.setdefault(key, type(figures)())
            for name, by in figures.items():
                moved.portfolio[key][name] += by
    fresh = shift([(None, row) for row in rows.values()])
    assert {k: {n: v for n, v in c.items() if v} for k, c in moved.portfolio.items() if any(c.values())} == {
        k: {n: v for n, v in c.items() if v} for k, c in fresh.portfolio.items()
    }


def row_of_one(old: CaseRow | None, fact: Fact) -> CaseRow:
    row = project([fact], old)
    assert row is not None
    return row


def test_a_case_that_was_not_placed_yet_counts_nowhere() -> None:
    facts = story(lambda s: (s.placed(), s.held(), s.paid(1_000, 99_000)))
    unplaced = row_of(facts[1:])
    assert unplaced.status == "unplaced"
    assert not shift([(None, unplaced)]).portfolio


def test_a_hold_released_before_it_was_heard_of_does_not_stand() -> None:
    applied, released = story(lambda s: (s.held(), s.released()))
    row = row_of([released, applied])
    assert row.holds == ()
    assert row.ended_early == {}


def test_one_hold_released_leaves_the_other_standing() -> None:
    row = row_of(story(lambda s: (s.placed(), s.held(1, "dispute"), s.held(2, "hardship"), s.released(1))))
    assert row.holds == ("hardship",)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_a_plan_waives_comes_off_the_balance_whatever_is_heard_first(order: tuple[int, ...]) -> None:
    facts = story(lambda s: (s.placed(100_000), s.agreed(), s.paid(90_000, 10_000), s.kept(waived=10_000)))
    row = row_of([facts[n] for n in order])
    assert row.outstanding_minor_units == 0
    assert row.collected_minor_units == 90_000
    assert row.plan_status == "completed"


def test_a_waiver_that_a_later_balance_includes_is_not_taken_off_twice() -> None:
    row = row_of(story(lambda s: (s.placed(100_000), s.kept(waived=10_000), s.paid(20_000, 70_000))))
    assert row.outstanding_minor_units == 70_000


def test_a_reversed_payment_is_not_collected_and_its_overpaid_part_never_was() -> None:
    facts = story(lambda s: (s.placed(100_000), s.paid(120_000, 0, overpaid=20_000), s.taken_back(120_000, 100_000)))
    for order in permutations(facts):
        row = row_of(list(order))
        assert row.collected_minor_units == 0
        assert row.outstanding_minor_units == 100_000


def test_a_plan_agreed_after_a_default_is_the_one_that_counts() -> None:
    row = row_of(story(lambda s: (s.placed(), s.agreed(1), s.broken(1), s.agreed(2))))
    assert row.status == "plan_active"
    assert contribution(row, row.account)["defaulted"] == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_plan_withdrawn_from_was_never_agreed_and_hides_no_other(order: tuple[int, ...]) -> None:
    facts = story(lambda s: (s.placed(), s.agreed(1), s.withdrawn(1)))
    row = row_of([facts[n] for n in order])
    assert (row.plan_status, row.status) == ("withdrawn", "received")
    assert contribution(row, row.account)["agreed"] == 0
    broken = row_of(story(lambda s: (s.placed(), s.agreed(1), s.broken(1), s.agreed(2), s.withdrawn(2))))
    assert (broken.plan_status, broken.status) == ("defaulted", "defaulted")
    kept = row_of(story(lambda s: (s.placed(), s.agreed(1), s.withdrawn(1), s.agreed(2))))
    assert (kept.plan_status, contribution(kept, kept.account)["agreed"]) == ("active", 1)


def test_a_correction_that_money_paid_at_once_leaves_nothing_owed() -> None:
    facts = story(
        lambda s: (
            s.placed(100_000),
            s.paid(120_000, 0, overpaid=20_000),
            s.tell("case.updated", balance={"fees": 0, "interest": 0, "principal": 15_000}),
            s.adjusted("correction", 0, overpaid=5_000),
        )
    )
    for order in permutations(facts):
        row = row_of(list(order))
        assert (row.outstanding_minor_units, row.principal_minor_units, row.collected_minor_units) == (0, 0, 115_000)


def test_a_default_before_its_plan_was_heard_of_breaks_that_plan() -> None:
    _, agreed, broken = story(lambda s: (s.placed(), s.agreed(1), s.broken(1)))
    assert row_of([broken, agreed]).plan_status == "defaulted"


def test_a_cleared_case_owes_nothing_and_a_recalled_one_is_not_worked() -> None:
    cleared = row_of(story(lambda s: (s.placed(100_000), s.closed("paid_in_full"))))
    assert (cleared.status, cleared.outstanding_minor_units) == ("closed", 0)
    recalled = row_of(story(lambda s: (s.placed(100_000), s.recalled(), s.closed("recalled"))))
    assert (recalled.status, recalled.outstanding_minor_units) == ("recalled", 100_000)
    assert contribution(recalled, recalled.account)["balance_minor_units"] == 0


@pytest.mark.parametrize(
    ("received_on", "month"), [("2026-02-27", 0), ("2026-03-31", 0), ("2026-04-01", 1), ("2027-03-01", 12)]
)
def test_money_is_counted_in_calendar_months_since_placement(received_on: str, month: int) -> None:
    row = row_of(story(lambda s: (s.placed(), s.paid(5_000, 95_000, received_on=received_on))))
    months = liquidation(row, row.account)
    assert {m: amounts["collected_minor_units"] for m, amounts in months.items()} == {0: 0, month: 5_000}


@given(st.sampled_from(LIVES))
def test_a_row_and_a_statement_tell_the_same(life: Life) -> None:
    facts = facts_of(life)
    row = row_of(facts)
    kept = [movement for fact in facts if (movement := booked(fact)) is not None]
    line = case_line(
        row.case_id, kept, begins_at=facts[0].occurred_at, ends_at=facts[-1].occurred_at + timedelta(seconds=1)
    )
    assert contribution(row, row.account)["balance_minor_units"] == line.closing
    assert row.collected_minor_units == line.change.paid - line.change.reversed
    assert row.waived_minor_units == line.change.waived


def test_the_trace_of_a_case_is_the_one_of_its_first_fact() -> None:
    facts = story(lambda s: (s.placed(), s.held(), s.released()))
    assert row_of(list(reversed(facts))).trace_id == facts[0].trace_id
