"""Which calls answer somebody, and until when: both sides of each limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.outreach.domain.escalation.asked_for import ANSWER_WITHIN, CALL_BACK_WITHIN, is_asked_for
from services.outreach.domain.escalation.records import History, RecordedAttempt
from shared.kernel.identifiers import new_id

CASE = new_id()
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def called(at: datetime, outcome: str = "no_answer", rung: str = "call") -> RecordedAttempt:
    return RecordedAttempt(new_id(), new_id(), CASE, rung, outcome, at)


def test_nobody_asked() -> None:
    assert not is_asked_for(History(CASE), None, NOW)
    assert not is_asked_for(History(CASE, (called(NOW - timedelta(days=1), rung="reminder"),)), None, NOW)


@pytest.mark.parametrize(("ago", "is_asked"), [(CALL_BACK_WITHIN, True), (CALL_BACK_WITHIN + A_MOMENT, False)])
def test_a_wish_to_be_called_stands_for_a_month(ago: timedelta, is_asked: bool) -> None:
    assert is_asked_for(History(CASE), NOW - ago, NOW) is is_asked


@pytest.mark.parametrize(("ago", "is_asked"), [(ANSWER_WITHIN, True), (ANSWER_WITHIN + A_MOMENT, False)])
def test_a_message_is_answered_by_a_call_for_three_days(ago: timedelta, is_asked: bool) -> None:
    assert is_asked_for(History(CASE, answered_at=NOW - ago), None, NOW) is is_asked


@pytest.mark.parametrize(
    ("outcome", "is_asked"), [("no_answer", True), ("not_connected", True), ("conversation", False)]
)
def test_a_wish_to_be_called_ends_with_a_conversation(outcome: str, is_asked: bool) -> None:
    history = History(CASE, (called(NOW - timedelta(hours=1), outcome),))
    assert is_asked_for(history, NOW - timedelta(days=1), NOW) is is_asked


def test_a_conversation_before_the_wish_does_not_end_it() -> None:
    history = History(CASE, (called(NOW - timedelta(days=2), "conversation"),))
    assert is_asked_for(history, NOW - timedelta(days=1), NOW)


def test_a_message_is_answered_once() -> None:
    history = History(CASE, (called(NOW - timedelta(hours=1)),), answered_at=NOW - timedelta(days=1))
    assert not is_asked_for(history, None, NOW)
