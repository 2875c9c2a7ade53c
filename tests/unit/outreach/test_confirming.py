"""Yes and no to a promise that was said back."""

from __future__ import annotations

from datetime import date

import pytest

from services.outreach.adapters.reply_model import load_model
from services.outreach.domain.replies.confirming import answer_to_promise, read_answer
from services.outreach.domain.replies.reading import understand

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize("text", ["yes", "Yes, thank you", "YES!", "correct", "是的", "对", "没错", "好的,谢谢"])
def test_a_yes_is_a_yes(text: str) -> None:
    assert answer_to_promise(text) == "yes"


@pytest.mark.parametrize("text", ["no", "No, the 15th", "that's wrong", "不是", "不对,是20号", "我没说"])
def test_a_no_is_a_no(text: str) -> None:
    assert answer_to_promise(text) == "no"


@pytest.mark.parametrize(
    "text", ["yesterday I paid", "nobody is here", "Yes but only half of it and later", "对方不在", "I know", ""]
)
def test_anything_else_is_read_as_any_reply(text: str) -> None:
    assert answer_to_promise(text) is None


@pytest.mark.parametrize(
    ("text", "rule", "on", "amount"),
    [
        ("yes", "rule.promise_confirmed", None, None),
        ("no", "rule.promise_denied", None, None),
        ("no, the 15th", "rule.promise_corrected", date(2026, 12, 15), 5_000),
        ("不对,下周五300元", "rule.promise_corrected", date(2026, 12, 4), 30_000),
        ("no, stop contacting me", "rule.cease", None, None),
    ],
)
def test_a_correction_is_a_new_promise_and_a_legal_word_stands(
    text: str, rule: str, on: date | None, amount: int | None
) -> None:
    answer = answer_to_promise(text)
    assert answer is not None
    meaning = read_answer(text, understand(text, TUESDAY, load_model()), answer, 5_000, TUESDAY, 2)
    assert (meaning.rule, meaning.promised_on, meaning.promised_minor_units) == (rule, on, amount)
