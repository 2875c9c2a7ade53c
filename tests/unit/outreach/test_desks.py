"""The clocks, states, evidence and letters of complaints and disputes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.conduct.lexicon import conduct_checker
from services.outreach.adapters.desk_terms import load_terms
from services.outreach.domain.desk.deadlines import Place, due_dates, is_working_day, working_days_after
from services.outreach.domain.desk.letter import OUTCOMES, answer_letter
from services.outreach.domain.desk.matter import (
    DISPUTE_OUTCOMES,
    FINDINGS,
    FOLLOWS,
    OPEN_STATES,
    REDRESS,
    SOON,
    answer_errors,
    may_follow,
    urgency,
)
from services.outreach.domain.desk.pack import SECTIONS, make_pack

TERMS = load_terms()
NEW_YORK = Place("US", "NY", "America/New_York")
SHANGHAI = Place("CN", None, "Asia/Shanghai")
LONDON = Place("GB", "ENG", "Europe/London")


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def answered_by(place: Place, received: str, complexity: str = "simple") -> str:
    """By the person's clock."""
    assert place.time_zone is not None
    days = TERMS.answer_term(place.jurisdiction, complexity).days
    due = due_dates(TERMS, CALENDARS, place, at(received, place.time_zone), days)
    return due.answer_at.astimezone(ZoneInfo(place.time_zone)).isoformat()[:16]


@pytest.mark.parametrize(
    ("place", "received", "complexity", "due"),
    [
        (NEW_YORK, "2026-03-10T10:00", "simple", "2026-03-25T10:00"),
        # Clocks are put forward between: an hour later by the clock, but never on a later day.
        (NEW_YORK, "2026-03-03T10:00", "simple", "2026-03-18T11:00"),
        (NEW_YORK, "2026-03-03T23:30", "simple", "2026-03-18T23:30"),
        (NEW_YORK, "2026-10-21T00:10", "simple", "2026-11-04T23:10"),
        # The fifteenth day is a Sunday: the Friday before.
        (NEW_YORK, "2026-06-06T10:00", "simple", "2026-06-18T10:00"),
        # Over the end of February, in a leap year and in another one.
        (SHANGHAI, "2028-02-16T09:00", "simple", "2028-03-02T09:00"),
        (SHANGHAI, "2027-02-16T09:00", "simple", "2027-03-03T09:00"),
        # China's National Day: the term would end on 5 October, nobody works before 8 October.
        (SHANGHAI, "2026-09-20T09:00", "simple", "2026-09-30T09:00"),
        (SHANGHAI, "2026-03-03T09:00", "complex", "2026-04-02T09:00"),
        # Eight weeks would end at Easter Monday.
        (LONDON, "2026-02-09T09:00", "simple", "2026-04-02T10:00"),
    ],
)
def test_an_answer_is_due_on_the_last_working_day_of_its_term(
    place: Place, received: str, complexity: str, due: str
) -> None:
    assert answered_by(place, received, complexity) == due


def test_a_term_never_ends_before_it_began_whatever_the_holidays() -> None:
    class NobodyWorks:
        def around(self, jurisdiction: str, region: str | None, on: date) -> Any:
            return _Shut()

    class _Shut:
        def is_working_day(self, on: date) -> bool:
            return False

    received = at("2026-03-03T10:00", "America/New_York")
    assert due_dates(TERMS, NobodyWorks(), NEW_YORK, received, 15).answer_at == received + timedelta(days=15)


def test_working_days_leave_out_weekends_and_holidays_and_count_days_worked_instead() -> None:
    # Friday: Monday is Memorial Day.
    assert working_days_after(CALENDARS, NEW_YORK, date(2026, 5, 22), 3) == date(2026, 5, 28)
    assert working_days_after(CALENDARS, NEW_YORK, date(2026, 5, 22), 0) == date(2026, 5, 22)
    # 10 October 2026 is a Saturday that is worked for the National Day's holiday.
    assert is_working_day(CALENDARS, SHANGHAI, date(2026, 10, 10))
    assert not is_working_day(CALENDARS, SHANGHAI, date(2026, 10, 6))


def test_where_nobody_knows_the_holidays_weekends_are_free() -> None:
    nowhere = Place("XX", None, None)
    assert is_working_day(CALENDARS, nowhere, date(2026, 3, 6))
    assert not is_working_day(CALENDARS, nowhere, date(2026, 3, 7))


def test_the_day_of_receipt_is_the_persons_own() -> None:
    # Half past eight in the evening in New York is the next day in UTC.
    due = due_dates(TERMS, CALENDARS, NEW_YORK, at("2026-03-03T20:30", "America/New_York"), 15)
    assert due.acknowledge_on == date(2026, 3, 6)


def test_the_summary_way_ends_after_three_business_days_and_only_in_the_united_kingdom() -> None:
    # Thursday before Easter: Good Friday and Easter Monday do not count.
    received = at("2026-04-02T15:00", "Europe/London")
    assert due_dates(TERMS, CALENDARS, LONDON, received, 56).summary_until == date(2026, 4, 9)
    assert due_dates(TERMS, CALENDARS, NEW_YORK, received, 15).summary_until is None


def test_a_place_without_a_term_of_its_own_has_our_promise() -> None:
    assert TERMS.answer_term("SG", "simple").days == TERMS.answer_term("US", "simple").days == 15
    assert [TERMS.answer_term("CN", each).days for each in ("simple", "complex", "specially_complex")] == [15, 30, 60]
    assert TERMS.answer_term("CN", "complex").needs == "complaint_unit"
    with pytest.raises(KeyError):
        TERMS.answer_term("CN", "impossible")


def test_the_last_moment_is_still_in_time_and_an_answer_ends_the_clock() -> None:
    due = datetime(2026, 3, 18, 15, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert urgency("received", due, due) == "soon"
    assert urgency("received", due, due + second) == "overdue"
    assert urgency("received", due, due - SOON) == "soon"
    assert urgency("received", due, due - SOON - second) == "in_time"
    assert urgency("answered", due, due + second) == urgency("closed", due, due + second) == "done"


def test_a_matter_only_goes_forward() -> None:
    order = [*OPEN_STATES, "closed"]
    for state in order:
        for following in order:
            if may_follow(state, following):
                assert order.index(following) > order.index(state)
    assert set(FOLLOWS) == set(order)
    assert not may_follow("closed", "received")
    assert not may_follow("answered", "investigating")


def test_who_was_right_gets_redress_and_every_complaint_a_cause() -> None:
    assert answer_errors("complaint", "upheld", "wording", ()) == [("redress_missing", "redress")]
    assert answer_errors("complaint", "upheld", "wording", ("apology",)) == []
    assert answer_errors("complaint", "not_upheld", None, ()) == [("root_cause_wrong", "root_cause")]
    assert answer_errors("complaint", "debt_verified", "wording", ()) == [("outcome_wrong", "outcome")]
    assert answer_errors("dispute", "upheld", None, ()) == [("outcome_wrong", "outcome")]
    assert answer_errors("dispute", "debt_verified", None, ("gold",)) == [("redress_wrong", "redress")]


def test_a_pack_is_one_text_for_one_state_and_says_where_there_may_be_more() -> None:
    moment = datetime(2026, 3, 2, 15, tzinfo=UTC)
    sections: dict[str, list[dict[str, Any]]] = {name: [] for name in SECTIONS}
    sections["contacts"] = [{"attempt_id": UUID(int=1), "reserved_at": moment}, {"attempt_id": UUID(int=2)}]
    pack = make_pack({"id": UUID(int=3)}, moment, sections, 2)
    again = make_pack({"id": UUID(int=3)}, moment, dict(reversed(sections.items())), 2)
    assert pack == again
    assert pack.sha256 == sha256(pack.text.encode()).hexdigest()
    document = orjson.loads(pack.text)
    assert document["is_complete"]["contacts"] is False
    assert document["is_complete"]["holds"] is True
    sections["contacts"].pop()
    assert make_pack({"id": UUID(int=3)}, moment, sections, 2).sha256 != pack.sha256


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_answer_is_a_letter_without_a_demand_that_the_conduct_checker_passes(language: str) -> None:
    assert set(OUTCOMES) == {*FINDINGS, *DISPUTE_OUTCOMES}
    for kind, outcomes in (("complaint", FINDINGS), ("dispute", DISPUTE_OUTCOMES)):
        for outcome in outcomes:
            letter = answer_letter(kind, language, "ABC123", date(2026, 3, 2), outcome, REDRESS, "")
            assert conduct_checker().check(f"{letter.subject}\n{letter.text}") == [], outcome
            assert "2026-03-02" in letter.text
            assert "ABC123" in letter.text
