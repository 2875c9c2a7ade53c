"""Tokens: made by us, for one purpose, until a moment."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.reporting.application.admit import admit_bearer, admit_session, issue_lender_token, sign_in
from services.reporting.application.ports import Access
from services.reporting.domain.scope import STAFF, Scope, make_lender_token, make_session, read_lender_token
from shared.kernel.clock import FrozenClock
from shared.kernel.refusal import NotAllowed, NotFound, Overloaded, Unidentified
from shared.service.sign_in_limit import FAILURES_MAX, SignInFailures

HARBOUR_CREDIT = UUID("01900000-0000-7000-8000-00000000c0de")
OTHER_LENDER = UUID("01900000-0000-7000-8000-00000000beef")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"the console's secret"


def access(at: datetime = NOW) -> Access:
    return Access("the staff's token", SECRET, FrozenClock(at), SignInFailures(), cookies_need_https=True)


def test_a_lender_sees_its_own_and_nothing_else() -> None:
    token, _ = issue_lender_token(access(), STAFF, HARBOUR_CREDIT, days=30)
    scope = admit_bearer(access(), f"Bearer {token}")
    assert scope == Scope(HARBOUR_CREDIT)
    scope.require_creditor(HARBOUR_CREDIT)
    with pytest.raises(NotFound):
        scope.require_creditor(OTHER_LENDER)
    with pytest.raises(NotAllowed):
        scope.require_staff()


def test_a_lender_cannot_make_tokens() -> None:
    with pytest.raises(NotAllowed):
        issue_lender_token(access(), Scope(HARBOUR_CREDIT), OTHER_LENDER, days=1)


def test_a_token_lasts_to_its_last_second_and_not_longer() -> None:
    token = make_lender_token(SECRET, HARBOUR_CREDIT, NOW)
    assert read_lender_token(SECRET, token, NOW) == Scope(HARBOUR_CREDIT)
    with pytest.raises(Unidentified):
        read_lender_token(SECRET, token, NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic dGVzdA==",
        "Bearer the staff's tokem",
        "Bearer lender.",
        "Bearer lender.????",
        "Bearer lender.令牌",
        "Bearer " + "x" * 600,
        "Bearer " + make_lender_token(b"another secret", HARBOUR_CREDIT, NOW + timedelta(days=1)),
        "Bearer " + make_session(SECRET, NOW + timedelta(days=1)),
    ],
)
def test_whoever_cannot_prove_it_is_nobody(authorization: str | None) -> None:
    with pytest.raises(Unidentified):
        admit_bearer(access(), authorization)


def test_every_byte_of_a_token_is_under_its_signature() -> None:
    token = make_lender_token(SECRET, HARBOUR_CREDIT, NOW + timedelta(days=1))
    encoded = token.removeprefix("lender.")
    raw = bytearray(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    for place in range(len(raw)):
        forged = raw.copy()
        forged[place] ^= 1
        text = "lender." + base64.urlsafe_b64encode(bytes(forged)).rstrip(b"=").decode()
        with pytest.raises(Unidentified):
            read_lender_token(SECRET, text, NOW)


def test_a_lenders_token_is_no_console_session() -> None:
    token = make_lender_token(SECRET, HARBOUR_CREDIT, NOW + timedelta(days=1))
    with pytest.raises(Unidentified):
        admit_session(access(), "session." + token.removeprefix("lender."))


def test_a_session_ends_after_twelve_hours() -> None:
    session = sign_in(access(), "198.51.100.7", "the staff's token")
    assert admit_session(access(NOW + timedelta(hours=12)), session) == STAFF
    with pytest.raises(Unidentified):
        admit_session(access(NOW + timedelta(hours=12, seconds=1)), session)


def test_after_five_wrong_tokens_even_the_right_one_waits_but_only_there() -> None:
    doors = access()
    for _ in range(FAILURES_MAX):
        with pytest.raises(Unidentified):
            sign_in(doors, "198.51.100.7", "a guess")
    with pytest.raises(Overloaded) as refused:
        sign_in(doors, "198.51.100.7", "the staff's token")
    assert 0 < refused.value.retry_after_s <= 301
    assert sign_in(doors, "198.51.100.8", "the staff's token")
