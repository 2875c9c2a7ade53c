"""Invented people can ring nobody's telephone."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from phonenumbers import timezone

from deploy.sandbox.invented import AREA_CODES, american, chinese

EASTERN = {"CT", "DC", "DE", "GA", "MA", "MD", "ME", "NC", "NH", "NJ", "NY", "OH", "PA", "RI", "SC", "VT", "VA", "WV"}


@pytest.mark.parametrize("state", sorted(AREA_CODES))
def test_an_american_number_is_one_kept_for_fiction(state: str) -> None:
    person = american(1, 7, state, 99)
    assert re.fullmatch(r"\+1\d{3}55501\d\d", person.mobile)
    assert phonenumbers.is_valid_number(phonenumbers.parse(person.mobile))


def test_an_area_code_lies_in_its_states_zone() -> None:
    for state in EASTERN:
        zones = timezone.time_zones_for_number(phonenumbers.parse(american(1, 1, state, 0).mobile))
        assert zones == ("America/New_York",), state


def test_a_hundred_and_first_line_of_an_area_is_refused() -> None:
    with pytest.raises(ValueError, match="a hundred lines"):
        american(1, 1, "NY", 100)


def test_a_chinese_number_belongs_to_no_operator() -> None:
    number = phonenumbers.parse(chinese(1, 499).mobile)
    assert phonenumbers.is_possible_number(number)
    assert not phonenumbers.is_valid_number(number)


def test_mail_goes_to_reserved_domains_only() -> None:
    assert american(1, 1, "CA", 0).email.endswith("@example.com")
    assert chinese(1, 1).email.endswith("@example.net")
