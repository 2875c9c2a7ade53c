"""Itemizations add up, and who has not been reached is told by what was tried."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.domain.attempt import conveys
from services.outreach.domain.case_file import Balance
from services.outreach.domain.gate.facts import PastContact
from services.outreach.domain.itemization import answer_by, received_by, since_placement
from services.outreach.domain.reachability import reachability
from services.outreach.settings import OutreachSettings

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
PLACED_ON = date(2026, 3, 2)
AMOUNTS = st.integers(min_value=0, max_value=10**9)
PARTS = st.builds(Balance, AMOUNTS, AMOUNTS, AMOUNTS)


@given(placed=PARTS, now=PARTS, paid=AMOUNTS)
def test_every_itemization_adds_up_to_what_is_owed(placed: Balance, now: Balance, paid: int) -> None:
    """12 CFR 1006.34(c)(2)(viii)."""
    found = since_placement(placed, now, paid, PLACED_ON, "4471")
    if now.principal_minor_units > placed.principal_minor_units:
        assert found is None
    else:
        assert found is not None
        assert found.errors(now.total_minor_units, PLACED_ON) == []


def test_interest_fees_payments_and_credits_are_told_apart() -> None:
    placed = Balance(fees_minor_units=500, interest_minor_units=1_000, principal_minor_units=90_000)
    grown = since_placement(placed, Balance(700, 1_300, 80_000), 10_000, PLACED_ON, "4471")
    assert grown is not None
    assert (grown.fees_minor_units, grown.interest_minor_units) == (200, 300)
    assert (grown.payments_minor_units, grown.credits_minor_units) == (10_000, 0)
    credited = since_placement(placed, Balance(0, 1_000, 90_000), 0, PLACED_ON, "4471")
    assert credited is not None
    assert (credited.payments_minor_units, credited.credits_minor_units) == (0, 500)


def test_more_taken_back_than_was_paid_is_for_people() -> None:
    placed = Balance(0, 0, 90_000)
    found = since_placement(placed, placed, -1, PLACED_ON, "4471")
    assert found is not None
    assert "itemization_negative" in found.errors(90_000, PLACED_ON)


def test_the_period_counts_neither_weekends_nor_holidays_of_6103a() -> None:
    """A day to the print house, five counted days to come, thirty to answer; Juneteenth 2026 is a Friday."""
    assert received_by(date(2026, 6, 15)) == date(2026, 6, 24)
    assert answer_by(date(2026, 6, 15)) == date(2026, 7, 24)


@pytest.mark.parametrize(
    ("outcome", "is_communication"),
    [
        ("sent", True),
        ("delivered", True),
        ("conversation", True),
        ("unknown", True),
        ("failed", False),
        ("no_answer", False),
        ("not_connected", False),
    ],
)
def test_only_what_conveys_something_begins_the_five_days(outcome: str, is_communication: bool) -> None:
    assert conveys(outcome) is is_communication


def call(hours_ago: int, outcome: str, **more: str) -> PastContact:
    return PastContact(
        NOON - timedelta(hours=hours_ago),
        more.get("channel", "call"),
        more.get("case_id", "debt-1"),
        "point-1",
        outcome,
        more.get("direction", "out"),
    )


def days_failed(*contacts: PastContact, heard_hours_ago: int | None = None) -> list[int]:
    heard_at = None if heard_hours_ago is None else NOON - timedelta(hours=heard_hours_ago)
    found = reachability(contacts, heard_at, [False], lambda at: at.date())
    assert found.failed_calls == len(found.failed_on)
    assert found.since_on == (found.failed_on[0] if found.failed_on else None)
    return [day.day for day in found.failed_on]


def test_failed_calls_are_a_row_until_the_person_is_heard_of() -> None:
    tried = [call(49, "no_answer"), call(25, "not_connected"), call(1, "no_answer")]
    assert days_failed(*tried) == [28, 1, 2]
    assert days_failed(*tried, call(24, "conversation")) == [2]
    assert days_failed(*tried, call(24, "conversation", direction="in")) == [2]
    assert days_failed(*tried, heard_hours_ago=24) == [2]
    assert days_failed(*tried, heard_hours_ago=50) == [28, 1, 2]


def test_what_is_no_failed_call_of_ours_is_not_in_the_row() -> None:
    others = [call(9, "unknown"), call(8, "sending"), call(7, "no_answer", case_id="elsewhere")]
    assert days_failed(*others, call(6, "failed"), call(5, "delivered", channel="sms")) == []


@pytest.mark.parametrize(
    ("wrong", "is_invalid"), [([], False), ([True], True), ([True, False], False), ([True, True], True)]
)
def test_no_number_is_valid_only_where_all_that_are_known_are_wrong(wrong: list[bool], is_invalid: bool) -> None:
    assert reachability([], None, wrong, lambda at: at.date()).is_number_invalid is is_invalid


def test_the_sandbox_alone_has_a_licence_that_nobody_gave() -> None:
    assert OutreachSettings().licences == {"SG": date(2099, 12, 31)}
    assert OutreachSettings(agency_licences={"SG": date(2027, 1, 31)}).licences == {"SG": date(2027, 1, 31)}
    assert OutreachSettings.model_construct(environment="production", agency_licences=None).licences == {}
