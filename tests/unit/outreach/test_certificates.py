"""Who may act: certificates, and machines that say what they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.outreach.domain.certificates import REQUIRED, Certificate, form_errors, standing
from services.outreach.domain.machine_disclosure import DISCLOSURES, discloses_machine

TODAY = date(2026, 3, 2)


def held(**changes: tuple[date, date]) -> list[Certificate]:
    spans = {kind: (date(2026, 1, 1), date(2026, 12, 31)) for kind in REQUIRED} | changes
    return [Certificate(kind, *span) for kind, span in spans.items()]


def test_everything_required_makes_somebody_certified_until_the_first_of_it_ends() -> None:
    found = standing(held(ethics=(date(2026, 1, 1), date(2026, 6, 30))), TODAY)
    assert found.is_certified
    assert found.valid_until == date(2026, 6, 30)


@pytest.mark.parametrize("kind", REQUIRED)
def test_one_missing_certificate_is_enough_to_stop_somebody(kind: str) -> None:
    found = standing([each for each in held() if each.kind != kind], TODAY)
    assert found.lacks == (kind,)
    assert found.valid_until is None


def test_the_last_day_is_a_valid_day_and_the_day_after_is_not() -> None:
    last = held(training=(date(2026, 1, 1), TODAY))
    assert standing(last, TODAY).is_certified
    assert standing(last, TODAY + timedelta(days=1)).lacks == ("training",)


def test_a_certificate_does_not_hold_before_its_day() -> None:
    assert standing(held(ethics=(TODAY + timedelta(days=1), date(2026, 12, 31))), TODAY).lacks == ("ethics",)


def test_a_revoked_certificate_ends_on_the_day_it_is_revoked() -> None:
    others = [each for each in held() if each.kind != "ethics"]
    revoked = Certificate("ethics", date(2026, 1, 1), date(2026, 12, 31), revoked_on=TODAY)
    assert standing([*others, revoked], TODAY).lacks == ("ethics",)
    assert standing([*others, revoked], TODAY - timedelta(days=1)).is_certified


def test_a_renewed_certificate_takes_over_from_an_expired_one() -> None:
    old = Certificate("training", date(2024, 1, 1), date(2025, 12, 31))
    assert standing([old, *held()], TODAY).is_certified


@pytest.mark.parametrize(("days", "is_soon"), [(30, True), (31, False)])
def test_what_ends_within_thirty_days_expires_soon(days: int, is_soon: bool) -> None:
    found = standing(held(ethics=(date(2026, 1, 1), TODAY + timedelta(days=days))), TODAY)
    assert found.expires_soon(TODAY) is is_soon


@pytest.mark.parametrize(
    ("kind", "issued_on", "valid_until", "errors"),
    [
        ("training", TODAY, TODAY, []),
        ("yearly_exam", TODAY, TODAY + timedelta(days=366), []),
        ("yearly_exam", TODAY, TODAY + timedelta(days=367), ["certificate_too_long"]),
        ("charm", TODAY, TODAY, ["certificate_kind_unknown"]),
        ("ethics", TODAY + timedelta(days=1), TODAY + timedelta(days=9), ["certificate_not_issued_yet"]),
        ("ethics", TODAY, TODAY - timedelta(days=1), ["certificate_ends_before_it_begins"]),
    ],
)
def test_a_certificate_that_cannot_be_right_is_refused(
    kind: str, issued_on: date, valid_until: date, errors: list[str]
) -> None:
    assert form_errors(kind, issued_on, valid_until, TODAY) == errors


@pytest.mark.parametrize(
    "said",
    [
        *DISCLOSURES.values(),
        "Hello, I'm an AI assistant calling for Harbour Credit.",
        "Good morning. You are speaking with a virtual assistant.",
        "您好，我是协和催收服务的人工智能客服。",
        "你好！这里是智能语音机器人，受港湾信贷委托。",
        "I AM A ROBOT calling about your account.",
    ],
)
def test_a_machine_that_says_so_first_discloses_itself(said: str) -> None:
    assert discloses_machine(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Hello, this is Lin from Concord.",
        "Hello, this is about your debt. By the way, this is an automated assistant.",
        "I am not a robot.",
        "您好，我是林专员。",
        "您好，关于您的欠款，我是智能语音助手。",
        "我不是机器人。",
    ],
)
def test_a_machine_that_says_it_late_or_never_does_not_disclose_itself(said: str) -> None:
    assert not discloses_machine(said)
