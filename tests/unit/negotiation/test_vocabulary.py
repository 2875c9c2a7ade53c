"""Negotiation has an answer to every kind of hold and every intent that the contracts know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from services.negotiation.application.answer_replies import ANSWERED, LEFT_ALONE
from services.negotiation.domain.case_file import BLOCKING_HOLDS, OPEN_HOLDS, Hold, blocking_hold
from shared.events.terms import HoldKind, ReplyIntent

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_every_intent_is_answered_with_an_offer_or_left_alone() -> None:
    assert set(get_args(ReplyIntent)) == ANSWERED | LEFT_ALONE
    assert not ANSWERED & LEFT_ALONE


def test_every_kind_of_hold_blocks_or_is_open() -> None:
    assert set(get_args(HoldKind)) == BLOCKING_HOLDS | OPEN_HOLDS
    assert not BLOCKING_HOLDS & OPEN_HOLDS


@pytest.mark.parametrize("kind", get_args(HoldKind))
def test_a_hold_blocks_only_if_it_is_of_those_kinds_and_stands(kind: str) -> None:
    expected = kind if kind in BLOCKING_HOLDS else None
    assert blocking_hold([Hold(kind, None, is_released=False)], NOW) == expected
    assert blocking_hold([Hold(kind, None, is_released=True)], NOW) is None
    assert blocking_hold([Hold(kind, NOW, is_released=False)], NOW) is None
