"""Windows by day of the week and on holidays, several candidate zones, and the nights when clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.rule_packs import InvalidPack, read_pack
from services.outreach.domain.gate.calendar import Calendar
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import Facts
from services.outreach.domain.gate.packs import Packs
from tests.unit.outreach.builders import NEW_YORK, local, rent_arrears, request

SYDNEY, PERTH, HONOLULU = "Australia/Sydney", "Australia/Perth", "Pacific/Honolulu"
WEEK = {
    "windows": [
        {"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "07:30", "closes": "21:00"},
        {"days": ["sat", "sun"], "opens": "09:00", "closes": "21:00"},
    ],
    "on_holidays": "closed",
}
DAILY = {"opens": "08:00", "closes": "21:00"}


def hours(**rule: Any) -> Packs:
    rule = {"id": "hours", "type": "hours", "strength": "law", "clause": "1", **rule}
    head = {"pack": "hours", "version": 1, "jurisdiction": "US", "form": 2}
    return Packs([read_pack({**head, "effective_from": "2020-01-01", "effective_to": None, "rules": [rule]})])


def in_zones(*zones: str, calendar: Calendar | None = None, **changes: Any) -> Facts:
    return replace(rent_arrears(time_zones=zones), calendar=calendar, **changes)


def ask(packs: Packs, facts: Facts, at: datetime) -> Decision:
    return decide(request(), facts, packs, at)


def holidays(*days: str) -> Calendar:
    return Calendar(date(2025, 12, 1), date(2027, 1, 31), tuple(date.fromisoformat(day) for day in days))


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-03-13T07:29", "deny"),  # Friday
        ("2026-03-13T07:30", "allow"),
        ("2026-03-13T20:59:59.999999", "allow"),
        ("2026-03-13T21:00", "deny"),
        ("2026-03-14T07:30", "deny"),  # Saturday
        ("2026-03-14T08:59", "deny"),
        ("2026-03-14T09:00", "allow"),
        ("2026-03-15T20:59", "allow"),  # Sunday
        ("2026-04-03T12:00", "deny"),  # Good Friday
        ("2026-04-06T12:00", "deny"),  # Easter Monday
        ("2026-04-07T12:00", "allow"),
    ],
)
def test_weekdays_weekends_and_holidays_have_their_own_hours(at: str, verdict: str) -> None:
    facts = in_zones(SYDNEY, calendar=holidays("2026-04-03", "2026-04-06"))
    assert ask(hours(**WEEK), facts, local(at, SYDNEY)).verdict == verdict


def test_until_goes_over_a_row_of_shut_days() -> None:
    """Good Friday to Easter Monday: Saturday's and Sunday's windows are shut as well where they are holidays."""
    easter = holidays("2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06")
    decision = ask(hours(**WEEK), in_zones(SYDNEY, calendar=easter), local("2026-04-02T21:00", SYDNEY))
    assert decision.until == local("2026-04-07T07:30", SYDNEY)


def test_until_stops_where_the_calendar_stops() -> None:
    short = Calendar(date(2026, 4, 1), date(2026, 4, 4), (date(2026, 4, 3), date(2026, 4, 4)))
    decision = ask(hours(**WEEK), in_zones(SYDNEY, calendar=short), local("2026-04-03T10:00", SYDNEY))
    assert (decision.verdict, decision.until) == ("deny", None)


@pytest.mark.parametrize("calendar", [None, Calendar(date(2026, 1, 1), date(2026, 3, 12))])
def test_a_day_that_the_calendar_does_not_know_denies(calendar: Calendar | None) -> None:
    decision = ask(hours(**WEEK), in_zones(SYDNEY, calendar=calendar), local("2026-03-13T12:00", SYDNEY))
    assert [rule.rule for rule in decision.rules] == ["missing_fact.calendar"]


def test_a_rule_that_is_the_same_on_holidays_needs_no_calendar() -> None:
    assert ask(hours(**DAILY), in_zones(SYDNEY), local("2026-04-03T12:00", SYDNEY)).is_allowed


def test_a_holiday_may_have_the_hours_of_a_sunday() -> None:
    packs = hours(windows=WEEK["windows"], on_holidays="sunday")
    facts = in_zones(SYDNEY, calendar=holidays("2026-04-03"))
    assert not ask(packs, facts, local("2026-04-03T08:59", SYDNEY)).is_allowed
    assert ask(packs, facts, local("2026-04-03T09:00", SYDNEY)).is_allowed


def test_two_windows_of_one_day_leave_the_time_between_them_shut() -> None:
    twice = [{"opens": "08:00", "closes": "12:00"}, {"opens": "14:00", "closes": None}]
    packs, facts = hours(windows=twice), in_zones(NEW_YORK)
    decision = ask(packs, facts, local("2026-03-10T12:00"))
    assert decision.until == local("2026-03-10T14:00")
    assert ask(packs, facts, local("2026-03-10T23:59:59")).is_allowed
    assert not ask(packs, facts, local("2026-03-11T00:00")).is_allowed


def test_every_zone_must_be_open_and_until_is_the_first_such_moment() -> None:
    facts = in_zones(NEW_YORK, HONOLULU)  # five or six hours apart
    assert not ask(hours(**DAILY), facts, local("2026-08-07T13:59")).is_allowed
    assert ask(hours(**DAILY), facts, local("2026-08-07T14:00")).is_allowed
    assert ask(hours(**DAILY), facts, local("2026-08-07T21:00")).until == local("2026-08-08T14:00")


def test_windows_that_never_meet_have_no_until() -> None:
    facts = in_zones(SYDNEY, "America/Sao_Paulo", PERTH, NEW_YORK)
    decision = ask(hours(opens="09:00", closes="17:00"), facts, local("2026-08-07T12:00"))
    assert (decision.verdict, decision.until) == ("deny", None)


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-03-08T06:59:59+00:00", "deny"),  # 01:59:59 EST
        ("2026-03-08T07:00:00+00:00", "allow"),  # 03:00 EDT: 02:30 is left out, so it is open at once
    ],
)
def test_a_window_that_opens_in_the_hour_left_out_opens_at_the_jump(at: str, verdict: str) -> None:
    packs = hours(opens="02:30", closes="20:00")
    decision = ask(packs, in_zones(NEW_YORK), datetime.fromisoformat(at))
    assert decision.verdict == verdict


def test_in_the_hour_that_comes_twice_a_window_closes_at_its_first_showing() -> None:
    """01:30 EDT, then the clock goes back and shows 01:00 to 01:30 again: shown times decide, so that is open again."""
    packs = hours(opens="00:30", closes="01:30")
    shut = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 EDT
    assert ask(packs, in_zones(NEW_YORK), shut - timedelta(seconds=1)).is_allowed
    assert not ask(packs, in_zones(NEW_YORK), shut).is_allowed


def test_a_window_opens_by_the_new_clock_on_the_day_of_the_change() -> None:
    for day, hour in (("2026-03-07", 13), ("2026-03-08", 12), ("2026-10-31", 12), ("2026-11-01", 13)):
        opening = datetime.fromisoformat(f"{day}T{hour}:00:00+00:00")
        assert ask(hours(**DAILY), in_zones(NEW_YORK), opening).is_allowed
        decision = ask(hours(**DAILY), in_zones(NEW_YORK), opening - timedelta(seconds=1))
        assert decision.until == opening


def test_a_visit_must_be_over_when_the_window_closes() -> None:
    at = local("2026-08-07T20:00")
    for ends, verdict in (("2026-08-07T21:00", "allow"), ("2026-08-07T21:01", "deny")):
        asked = replace(request(), ends_at=local(ends))
        assert decide(asked, in_zones(NEW_YORK), hours(**DAILY), at).verdict == verdict
    assert decide(asked, in_zones(NEW_YORK), hours(**DAILY), at).until == local("2026-08-08T08:00")


@pytest.mark.parametrize(
    "broken",
    [
        {"opens": "21:00", "closes": "08:00"},
        {"opens": "08:00"},
        {},
        {**DAILY, **WEEK},
        {"windows": [{"opens": "08:00", "closes": "20:00", "days": ["someday"]}]},
        {**DAILY, "on_holidays": "perhaps"},
    ],
)
def test_hours_out_of_form_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidPack):
        hours(**broken)


@pytest.mark.parametrize(
    ("place", "region", "day", "is_holiday", "is_worked"),
    [
        ("CN", None, "2026-10-01", True, False),
        ("CN", None, "2026-10-10", False, True),  # a Saturday worked instead
        ("CN", None, "2026-10-17", False, False),
        ("US", "MA", "2026-04-20", True, False),  # Patriots' Day
        ("US", "NY", "2026-04-20", False, True),
        ("US", "NY-NYC", "2026-07-03", True, False),
        ("AU", "WA", "2026-03-02", True, False),  # Labour Day there alone
        ("AU", "NSW", "2026-03-02", False, True),
        ("AU", None, "2026-03-02", True, False),  # the state is not known: any state's holiday is one
        ("AU", "XX", "2026-03-02", True, False),
        ("IE", None, "2026-03-17", True, False),
        ("ID", None, "2026-08-17", True, False),
    ],
)
def test_holidays_are_those_of_the_place(
    place: str, region: str | None, day: str, is_holiday: bool, is_worked: bool
) -> None:
    on = date.fromisoformat(day)
    calendar = CALENDARS.around(place, region, on - timedelta(days=3))
    assert calendar is not None
    assert (calendar.is_holiday(on), calendar.is_working_day(on)) == (is_holiday, is_worked)


def test_a_calendar_is_cut_to_the_days_near_the_decision() -> None:
    calendar = CALENDARS.around("CN", None, date(2026, 12, 20))
    assert calendar is not None
    assert calendar.knows(date(2027, 1, 31))
    assert calendar.is_holiday(date(2027, 1, 1))
    assert calendar.is_holiday(date(2027, 6, 1)) is None
    assert calendar.is_working_day(date(2026, 1, 1)) is None
    assert all(calendar.knows(day) for day in calendar.holidays)


def test_an_unknown_place_has_no_calendar() -> None:
    assert CALENDARS.around("XX", None, date(2026, 3, 1)) is None
