"""Visits: who may go when, how far is near, and the order of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.outreach.domain.attempt import counts
from services.outreach.domain.escalation.handover import CounselSignature, SignedHandover
from services.outreach.domain.escalation.proof import ToHandOver, prove
from services.outreach.domain.escalation.records import NotProven
from services.outreach.domain.visits.order import OUTCOMES, Window, masked_number, team_errors
from services.outreach.domain.visits.place import STOPS_MAX, Coordinates, Stop, distance_m, plan_routes
from tests.unit.outreach.histories import RULES
from tests.unit.outreach.test_escalation import patient_life

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BUND = Coordinates(31_240_000, 121_490_000)


@pytest.mark.parametrize(
    ("begins_in", "length", "errors"),
    [
        (timedelta(seconds=1), timedelta(hours=3), []),
        (timedelta(0), timedelta(hours=1), ["window_begins"]),
        (timedelta(days=60), timedelta(hours=1), []),
        (timedelta(days=60, seconds=1), timedelta(hours=1), ["window_begins"]),
        (timedelta(hours=1), timedelta(hours=3, seconds=1), ["window_length"]),
        (timedelta(hours=1), timedelta(0), ["window_length"]),
    ],
)
def test_a_window_is_ahead_and_short(begins_in: timedelta, length: timedelta, errors: list[str]) -> None:
    assert Window(NOW + begins_in, NOW + begins_in + length).errors(NOW) == errors


def test_a_window_is_half_open() -> None:
    window = Window(NOW, NOW + timedelta(hours=1))
    assert window.is_open(NOW)
    assert not window.is_open(NOW - timedelta(seconds=1))
    assert not window.is_open(NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("team", "errors"),
    [
        (("a", "b"), []),
        (("a", "b", "c", "d"), []),
        (("a",), ["team_size"]),
        ((), ["team_size"]),
        (("a", "b", "c", "d", "e"), ["team_size"]),
        (("a", "a"), ["person_named_twice", "team_size"]),
        (("a", "b", "b"), ["person_named_twice"]),
    ],
)
def test_a_team_is_two_to_four_different_people(team: tuple[str, ...], errors: list[str]) -> None:
    assert team_errors(team) == errors


def test_a_number_is_masked_but_for_its_end() -> None:
    assert masked_number("+1 212 555 0123") == "*********23"
    assert masked_number("7") == "7"


def test_only_a_visit_that_was_not_made_does_not_count() -> None:
    assert [outcome for outcome in OUTCOMES if not counts(OUTCOMES[outcome])] == ["not_carried_out"]


def test_distances_are_those_of_the_earth() -> None:
    london, paris = Coordinates(51_507_222, -127_500), Coordinates(48_856_613, 2_352_222)
    assert distance_m(london, paris) == pytest.approx(343_500, abs=1_000)
    assert distance_m(BUND, BUND) == 0
    assert distance_m(Coordinates(0, 179_999_999), Coordinates(0, -179_999_999)) == 0


@pytest.mark.parametrize("place", [(90_000_001, 0), (0, -180_000_001)])
def test_there_is_no_point_beyond_the_poles(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no such point"):
        Coordinates(*place)


def test_a_point_is_read_back_from_its_text() -> None:
    assert Coordinates.read(BUND.text) == BUND


def stop(number: int, north: int | None, region: str = "CN-SH", team: tuple[str, ...] = ("a", "b")) -> Stop:
    place = None if north is None else Coordinates(BUND.latitude + north, BUND.longitude)
    return Stop(UUID(int=number), region, team, place)


def test_a_route_goes_to_the_nearest_next_and_to_the_unknown_last() -> None:
    stops = [stop(1, 0), stop(2, 9_000), stop(3, None), stop(4, 1_000), stop(5, 3_000)]
    (route,) = plan_routes(stops, capacity=8)
    assert [entry.visit_id.int for entry in route] == [1, 4, 5, 2, 3]


def test_regions_teams_and_capacity_part_routes() -> None:
    stops = [stop(n, n * 1_000) for n in range(1, 6)]
    stops += [stop(6, 0, region="CN-BJ"), stop(7, 0, team=("c", "d")), stop(8, 10, team=("d", "c"))]
    routes = plan_routes(stops, capacity=2)
    assert [[entry.visit_id.int for entry in route] for route in routes] == [[6], [1, 2], [3, 4], [5], [7, 8]]


def test_a_day_beyond_the_limit_is_refused() -> None:
    assert plan_routes([stop(n, n) for n in range(STOPS_MAX)], capacity=20)
    with pytest.raises(ValueError, match="too many"):
        plan_routes([stop(n, n) for n in range(STOPS_MAX + 1)], capacity=20)


def test_a_handover_needs_the_proof_and_another_persons_signature() -> None:
    life = patient_life()
    life.excuse("visit")
    cleared = prove(ToHandOver, life.history, RULES, life.now)
    SignedHandover(cleared, CounselSignature("counsel.he", "paper/1", life.now), "planner.wu")
    with pytest.raises(NotProven, match="does not sign"):
        SignedHandover(cleared, CounselSignature("planner.wu", "paper/1", life.now), "planner.wu")
    with pytest.raises(NotProven, match="another time"):
        SignedHandover(cleared, CounselSignature("counsel.he", "paper/1", life.now + timedelta(1)), "planner.wu")
    with pytest.raises(NotProven, match="names counsel"):
        CounselSignature("counsel.he", "", life.now)
    signature = CounselSignature("counsel.he", "paper/1", life.now)
    with pytest.raises(NotProven, match="another rung"):
        SignedHandover(cleared.below, signature, "planner.wu")  # type: ignore[arg-type]  # what the test is about
