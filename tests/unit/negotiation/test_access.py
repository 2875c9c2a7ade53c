"""Who gets in: how often somebody may guess, and how long a session lasts; both sides of every limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.negotiation.domain.access import (
    GUESS_WINDOW,
    IDLE_MAX,
    LIFE_MAX,
    PAUSES_S,
    Guess,
    GuessesPaused,
    Session,
    allow_guess,
)
from services.negotiation.entrypoints.portal.form_tokens import FormExpired, make_form_token, read_form_token

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LINK, OTHER = b"link", b"other link"
SECOND = timedelta(seconds=1)


def guesses(*ago: timedelta, link: bytes = LINK) -> list[Guess]:
    return [Guess(link, NOW - each) for each in ago]


def test_the_first_answer_is_looked_at() -> None:
    allow_guess([], LINK, NOW)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_after_each_wrong_answer_the_pause_is_longer(count: int) -> None:
    pause = timedelta(seconds=PAUSES_S[count - 1])
    early = guesses(*[pause - SECOND] * count)
    if pause:
        with pytest.raises(GuessesPaused) as refused:
            allow_guess(early, LINK, NOW)
        assert not refused.value.is_locked
    allow_guess(guesses(*[pause] * count), LINK, NOW)


def test_five_wrong_answers_about_a_case_close_it_for_a_day_whatever_the_link() -> None:
    hour = timedelta(hours=1)
    wrong = guesses(*(hour * n for n in range(1, 4))) + guesses(4 * hour, GUESS_WINDOW - SECOND, link=OTHER)
    with pytest.raises(GuessesPaused) as refused:
        allow_guess(wrong, b"a third link", NOW)
    assert (refused.value.is_locked, refused.value.retry_after_s) == (True, 2)
    allow_guess(wrong, b"a third link", NOW + SECOND)


def test_five_wrong_answers_close_a_link_for_good() -> None:
    old = [timedelta(days=n) for n in range(2, 7)]
    with pytest.raises(GuessesPaused):
        allow_guess(guesses(*old), LINK, NOW)
    allow_guess(guesses(*old[:4]), LINK, NOW)
    allow_guess(guesses(*old, link=OTHER), LINK, NOW)


def test_a_session_ends_at_half_an_hour_without_use_and_half_a_day_with_it() -> None:
    session = Session(b"", UUID(int=1), UUID(int=2), "borrower", "born_on", "en", NOW, NOW)
    assert session.is_open(NOW + IDLE_MAX - SECOND)
    assert not session.is_open(NOW + IDLE_MAX)
    used = Session(b"", UUID(int=1), UUID(int=2), "borrower", "born_on", "en", NOW, NOW + LIFE_MAX - SECOND)
    assert used.is_open(NOW + LIFE_MAX - SECOND)
    assert not used.is_open(NOW + LIFE_MAX)


def test_a_form_token_fits_its_holder_and_its_address_and_tells_forms_apart() -> None:
    token = make_form_token(b"key", b"mei", "/portal/pay")
    nonce = read_form_token(b"key", b"mei", "/portal/pay", token)
    assert nonce != read_form_token(b"key", b"mei", "/portal/pay", make_form_token(b"key", b"mei", "/portal/pay"))
    for key, holder, action, given in (
        (b"other key", b"mei", "/portal/pay", token),
        (b"key", b"omar", "/portal/pay", token),
        (b"key", b"mei", "/portal/leave", token),
        (b"key", b"mei", "/portal/pay", token[:-1]),
        (b"key", b"mei", "/portal/pay", ""),
        (b"key", b"mei", "/portal/pay", "ü.ü"),
    ):
        with pytest.raises(FormExpired):
            read_form_token(key, holder, action, given)


def test_nobody_without_a_cookie_has_a_form() -> None:
    with pytest.raises(FormExpired):
        read_form_token(b"key", b"", "/b/token", make_form_token(b"key", b"", "/b/token"))
