"""Contact points: their normal form, and every time zone the person may be in."""

from __future__ import annotations

import pytest

from services.intake.adapters.telephone import NumberingPlan
from services.intake.domain.places import candidates, zones_of_region

PLAN = NumberingPlan()
NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"


@pytest.mark.parametrize("written", ["+12125550123", "(212) 555-0123", "1 212.555.0123", "212 555 0123"])
def test_one_number_has_one_form_however_it_is_written(written: str) -> None:
    assert PLAN.read("mobile", written, "US") == ("+12125550123", (NEW_YORK,))


@pytest.mark.parametrize(
    "written",
    ["", "12-34", "+1 212 555 012", "+1 212 555 01234", "+1 012 555 0123", "+1 212 155 0123", "0123", "+", "２１２"],
)
def test_what_the_numbering_plan_does_not_know_is_no_number(written: str) -> None:
    assert PLAN.read("mobile", written, "US") == (None, ())


def test_an_area_code_across_a_zone_line_points_to_both_zones() -> None:
    assert PLAN.read("landline", "+1 850 555 0123", "US")[1] == (NEW_YORK, CHICAGO)


def test_a_toll_free_number_points_nowhere() -> None:
    value, zones = PLAN.read("landline", "+1 800 555 0123", "US")
    assert value == "+18005550123"
    assert zones == ()


def test_a_number_of_another_country_is_read_by_that_countrys_plan() -> None:
    assert PLAN.read("mobile", "+86 139 1234 5678", "US") == ("+8613912345678", ("Asia/Shanghai",))
    assert PLAN.read("mobile", "139 1234 5678", "CN") == ("+8613912345678", ("Asia/Shanghai",))
    assert PLAN.read("landline", "010 8555 0100", "CN")[0] == "+861085550100"


def test_an_invented_number_in_china_is_taken_by_its_form_and_only_if_it_says_so() -> None:
    """No range is kept for fiction there; 142 belongs to no operator."""
    assert PLAN.read("mobile", "+8614200000001", "CN") == (None, ())
    assert PLAN.read("mobile", "+8614200000001", "CN", is_invented=True) == ("+8614200000001", ("Asia/Shanghai",))
    assert PLAN.read("mobile", "12-34", "CN", is_invented=True) == (None, ())


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Jordan@Example.COM ", "Jordan@example.com"),
        ("a@b.co", "a@b.co"),
        ("jordan@localhost", None),
        ("jordan@example..com", None),
        ("jordan example@example.com", None),
        ("jordan@-example.com", None),
        ("@example.com", None),
        ("x" * 65 + "@example.com", None),
        ("jordan@example.com\n", "jordan@example.com"),
    ],
)
def test_an_address_has_the_form_of_one(written: str, normal: str | None) -> None:
    assert PLAN.read("email", written, "US") == (normal, ())


def test_a_long_line_is_refused_at_once() -> None:
    assert PLAN.read("email", "a" * 400, "US") == (None, ())
    assert PLAN.read("email", "a@" + "b." * 199, "US") == (None, ())


def test_a_postal_address_is_one_line() -> None:
    assert PLAN.read("postal", " 1 Invented\n  Street ", "US") == ("1 Invented Street", ())
    assert PLAN.read("postal", " \n ", "US") == (None, ())


def test_every_sign_of_where_a_person_is_adds_its_zones() -> None:
    """12 CFR 1006, comment 6(b)(1)(i)-2."""
    assert candidates(zones_of_region("US", "FL"), (NEW_YORK,), ("America/Denver",)) == (
        NEW_YORK,
        CHICAGO,
        "America/Denver",
    )
    assert zones_of_region("US", None) == ()
    assert zones_of_region("CN", None) == ("Asia/Shanghai",)


def test_too_many_candidates_say_nothing() -> None:
    assert candidates([f"Zone/{n}" for n in range(8)]) != ()
    assert candidates([f"Zone/{n}" for n in range(9)]) == ()
