"""A statement adds up, always; and what closes one period opens the next."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.application.state_account import period
from services.reporting.domain.account import REASONS, Change
from services.reporting.domain.facts import Fact
from services.reporting.domain.statement import BookedMovement, CaseLine, booked, case_line, totals
from shared.kernel.refusal import Invalid
from tests.conformance.lives import STORIES, lives
from tests.unit.reporting.builders import MORNING, RENT_ARREARS, Story, facts_of

LIVES = [facts_of(life) for life in lives(11, 4 * len(STORIES)) if facts_of(life)]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


def movements(facts: list[Fact]) -> list[BookedMovement]:
    return [movement for fact in facts if (movement := booked(fact)) is not None]


def line_of(facts: list[Fact], begins_at: datetime = LONG_AGO, ends_at: datetime = FAR_AHEAD) -> CaseLine:
    return case_line(facts[0].key, movements(facts), begins_at=begins_at, ends_at=ends_at)


def adds_up(line: CaseLine) -> bool:
    has_trust = line.trust_opening + line.trust.net == line.trust_closing
    return has_trust and line.opening + line.change.net == line.closing


@given(st.sampled_from(LIVES), st.integers(0, 200), st.integers(0, 200))
def test_every_line_adds_up_and_periods_join(facts: list[Fact], hours: int, length: int) -> None:
    begins_at = facts[0].occurred_at + timedelta(hours=hours)
    ends_at = begins_at + timedelta(hours=length)
    before, within, after = (
        line_of(facts, LONG_AGO, begins_at),
        line_of(facts, begins_at, ends_at),
        line_of(facts, ends_at, FAR_AHEAD),
    )
    assert all(adds_up(line) for line in (before, within, after))
    assert (before.closing, within.closing) == (within.opening, after.opening)
    whole = line_of(facts)
    for name in REASONS:
        assert whole.amount(name) == sum(line.amount(name) for line in (before, within, after))


@given(st.sampled_from(LIVES), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(facts: list[Fact], numbers: random.Random) -> None:
    shuffled = [*facts]
    numbers.shuffle(shuffled)
    assert line_of(shuffled) == line_of(facts)


def test_a_kept_plan_closes_at_nothing() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(90_000, 10_000)
    story.kept(waived=10_000)
    story.closed()
    line = line_of(story.facts)
    assert (line.change.placed, line.change.paid, line.change.waived, line.change.adjusted, line.closing) == (
        100_000,
        90_000,
        10_000,
        0,
        0,
    )


def test_what_was_overpaid_is_neither_paid_off_nor_taken_back() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(120_000, 0, overpaid=20_000)
    story.taken_back(120_000, 100_000)
    line = line_of(story.facts)
    assert (line.change.paid, line.change.reversed, line.change.adjusted, line.closing) == (
        100_000,
        100_000,
        0,
        100_000,
    )


def test_a_discount_is_owed_again_when_the_payment_that_earned_it_is_taken_back() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(90_000, 10_000)
    story.kept(waived=10_000)
    story.closed()
    story.taken_back(90_000, 100_000)
    line = line_of(story.facts)
    assert (line.change.paid, line.change.reversed, line.change.waived) == (90_000, 90_000, 0)
    assert (line.change.returned, line.change.adjusted, line.closing) == (100_000, 0, 0)


def test_money_that_was_too_much_steps_in_for_what_is_taken_back() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(100_000, 0, payment=1)
    story.paid(100_000, 0, overpaid=100_000, payment=2)
    story.taken_back(100_000, 0, payment=1)
    line = line_of(story.facts)
    assert line.change.paid - line.change.reversed == 100_000
    assert (line.change.adjusted, line.closing) == (0, 0)


def test_a_recalled_case_goes_back_with_what_is_still_owed() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(30_000, 70_000)
    story.recalled()
    story.closed("recalled")
    line = line_of(story.facts)
    assert (line.change.returned, line.change.adjusted, line.closing) == (70_000, 0, 0)


def test_a_balance_that_the_creditor_corrects_is_an_adjustment() -> None:
    story = Story()
    story.placed(100_000)
    story.tell("case.updated", balance={"fees": 0, "interest": 0, "principal": 95_000})
    story.tell("case.updated", balance=None)
    line = line_of(story.facts)
    assert (line.change.adjusted, line.closing) == (-5_000, 95_000)


def test_a_correction_is_paid_by_money_that_had_been_too_much_as_far_as_it_goes() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(120_000, 0, overpaid=20_000)
    story.tell("case.updated", balance={"fees": 0, "interest": 0, "principal": 15_000})
    story.adjusted("correction", 0, overpaid=5_000)
    line = line_of(story.facts)
    assert (line.change.adjusted, line.change.paid, line.closing) == (15_000, 115_000, 0)
    story.tell("case.updated", balance={"fees": 0, "interest": 0, "principal": 8_000})
    story.adjusted("correction", 3_000)
    again = line_of(story.facts)
    assert (again.change.adjusted, again.change.paid, again.closing) == (23_000, 120_000, 3_000)


def test_sending_back_what_was_too_much_changes_nothing_that_is_owed() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(110_000, 0, overpaid=10_000)
    before = line_of(story.facts)
    story.adjusted("refund_reserved", 0, amount=10_000, payment=1)
    story.adjusted("refund_paid", 0, amount=10_000, payment=1)
    after = line_of(story.facts)
    assert (after.change, after.closing) == (before.change, before.closing)
    # The money that left can step in for nothing any more.
    story.adjusted("correction", 7_000)
    assert (line_of(story.facts).change.paid, line_of(story.facts).closing) == (100_000, 7_000)


def test_money_sent_back_after_a_withdrawal_is_owed_again_and_not_taken_back_twice() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(30_000, 70_000)
    story.adjusted("given_back", 100_000, amount=30_000, payment=1)
    line = line_of(story.facts)
    assert (line.change.paid, line.change.reversed, line.change.adjusted, line.closing) == (30_000, 30_000, 0, 100_000)
    story.taken_back(30_000, 100_000)
    again = line_of(story.facts)
    assert (again.change.reversed, again.change.adjusted, again.closing) == (30_000, 0, 100_000)


def test_a_refund_that_is_not_sent_after_all_pays_again() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(30_000, 70_000)
    story.adjusted("given_back", 100_000, amount=30_000, payment=1)
    story.adjusted("refund_cancelled", 70_000, amount=30_000, payment=1)
    line = line_of(story.facts)
    assert (line.change.paid - line.change.reversed, line.change.adjusted, line.closing) == (30_000, 0, 70_000)
    story.taken_back(30_000, 100_000)
    assert (line_of(story.facts).change.adjusted, line_of(story.facts).closing) == (0, 100_000)


def test_where_the_money_lies_moves_no_balance() -> None:
    """Paid to the agency or to the creditor, paid over or not: the debt is the same."""
    lines = []
    for paid_to in ("creditor", "agency"):
        story = Story()
        story.placed(100_000)
        story.paid(30_000, 70_000, paid_to=paid_to)
        if paid_to == "agency":
            story.remitted(30_000)
        lines.append(line_of(story.facts))
    assert (lines[0].change, lines[0].closing) == (lines[1].change, lines[1].closing)
    assert (lines[0].trust.received, lines[1].trust.received, lines[1].trust_closing) == (0, 30_000, 0)


def test_what_is_held_in_trust_is_what_came_in_less_what_was_sent_back_and_paid_over() -> None:
    story = Story()
    story.placed(100_000)
    story.paid(60_000, 40_000, payment=1, paid_to="agency")
    story.paid(45_000, 0, overpaid=5_000, payment=2, paid_to="agency")
    story.remitted(60_000)
    story.adjusted("refund_reserved", 0, amount=5_000, payment=2)
    held = line_of(story.facts)
    assert (held.trust.received, held.trust.sent_back, held.trust.remitted, held.trust_closing) == (
        105_000,
        0,
        60_000,
        45_000,
    )
    story.adjusted("refund_paid", 0, amount=5_000, payment=2)
    assert line_of(story.facts).trust_closing == 40_000
    # Taken back after it was paid over: the next remittance sets it off.
    story.taken_back(60_000, 60_000, payment=1)
    assert line_of(story.facts).trust_closing == -20_000
    story.remitted(40_000, set_off=60_000)
    assert line_of(story.facts).trust_closing == 0


@pytest.mark.parametrize(("minutes", "opening", "paid"), [(-1, 100_000, 30_000), (0, 100_000, 30_000), (1, 70_000, 0)])
def test_a_payment_at_the_first_moment_of_a_period_belongs_to_it(minutes: int, opening: int, paid: int) -> None:
    story = Story()
    story.placed(100_000)
    at = story.paid(30_000, 70_000).occurred_at
    line = line_of(story.facts, at + timedelta(minutes=minutes))
    assert (line.opening, line.change.paid) == (opening, paid)


def test_a_payment_at_the_end_of_a_period_belongs_to_the_next() -> None:
    story = Story()
    story.placed(100_000)
    at = story.paid(30_000, 70_000).occurred_at
    assert line_of(story.facts, MORNING, at).change.paid == 0
    assert line_of(story.facts, MORNING, at + timedelta(microseconds=1)).change.paid == 30_000


def test_currencies_are_never_added_together() -> None:
    dollars = CaseLine(RENT_ARREARS, "USD", closing=1, change=Change(placed=1))
    yuan = CaseLine(RENT_ARREARS, "CNY", closing=2, change=Change(placed=2))
    summed = totals([dollars, yuan, dollars])
    assert {currency: line.closing for currency, line in summed.items()} == {"USD": 2, "CNY": 2}


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    today = MORNING.date()
    assert period(today, today).first == today
    with pytest.raises(Invalid):
        period(today, today - timedelta(days=1))
