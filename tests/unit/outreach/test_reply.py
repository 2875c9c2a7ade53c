"""What borrowers mean, in both languages: legal words by rule, the rest by the model, the safer meaning first."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from services.outreach.adapters.reply_model import load_model
from services.outreach.domain.replies.meaning import Meaning
from services.outreach.domain.replies.reading import understand as understand_with

MONDAY = date(2026, 3, 2)


def understand(text: str, today: date) -> Meaning:
    return understand_with(text, today, load_model())


@pytest.mark.parametrize(
    ("text", "intent", "rule"),
    [
        ("STOP", "stop", "rule.stop"),
        ("stop.", "stop", "rule.stop"),
        ("Please unsubscribe me", "stop", "rule.stop"),
        ("TD", "stop", "rule.stop"),
        ("退订", "stop", "rule.stop"),
        ("Stop texting me", "stop", "rule.stop"),
        ("别再给我打电话了", "stop", "rule.stop"),
        ("Stop contacting me", "stop", "rule.cease"),
        ("请不要再联系我。", "stop", "rule.cease"),
        ("I dispute this debt", "dispute", "rule.dispute"),
        ("this is not my debt", "dispute", "rule.dispute"),
        ("我没有借过这笔钱", "dispute", "rule.dispute"),
        ("金额不对", "dispute", "rule.dispute"),
        ("I was laid off", "hardship", "model.2026.2"),
        ("我失业了", "hardship", "model.2026.2"),
        ("My wife passed away", "hardship", "model.2026.2"),
        ("住院了", "hardship", "model.2026.2"),
        ("I can't afford it", "cannot_pay", "model.2026.2"),
        ("I want to complain", "complaint", "rule.complaint"),
        ("我要投诉", "complaint", "rule.complaint"),
        ("wrong number", "wrong_person", "rule.wrong_person"),
        ("你打错了", "wrong_person", "rule.wrong_person"),
        ("I already paid", "already_paid", "model.2026.2"),
        ("已经还了", "already_paid", "model.2026.2"),
        ("How much do I owe?", "question", "model.2026.2"),
        ("一共多少钱?", "question", "model.2026.2"),
        ("my attorney will answer", "other", "rule.represented"),
        ("ok", "other", "model.2026.2"),
        ("", "other", "rule.empty"),
    ],
)
def test_a_message_is_understood(text: str, intent: str, rule: str) -> None:
    meaning = understand(text, MONDAY)
    assert (meaning.intent, meaning.rule) == (intent, rule)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I will pay on Friday but stop contacting me", "stop"),
        ("I lost my job and this is not my debt", "dispute"),
        ("I can pay $50 but you have the wrong person", "wrong_person"),
        ("I will pay, I just lost my job", "hardship"),
        ("This is harassment, I will pay nothing", "complaint"),
    ],
)
def test_of_two_meanings_the_more_protective_decides(text: str, intent: str) -> None:
    assert understand(text, MONDAY).intent == intent


@pytest.mark.parametrize(
    ("text", "channel"),
    [("STOP", "this"), ("stop calling me", "call"), ("不要再给我发短信了", "sms"), ("don't email me", "email")],
)
def test_a_refusal_names_its_channel(text: str, channel: str) -> None:
    assert understand(text, MONDAY).refused_channel == channel


@pytest.mark.parametrize(
    ("text", "on", "amount"),
    [
        ("I will pay $1,250.50 on 2026-03-20", date(2026, 3, 20), 125_050),
        ("I'll pay 200 dollars tomorrow", date(2026, 3, 3), 20_000),
        ("I can send $75 on Friday", date(2026, 3, 6), 7_500),
        ("i will pay on Monday", date(2026, 3, 9), None),
        ("I will pay on March 1st", date(2027, 3, 1), None),
        ("I will pay in 10 days", date(2026, 3, 12), None),
        ("I will pay on the 1st", date(2026, 4, 1), None),
        ("我15号还500元", date(2026, 3, 15), 50_000),
        ("我会在3月2日还款¥80.5", date(2026, 3, 2), 8_050),
        ("周日还300块", date(2026, 3, 8), 30_000),
        ("后天一定还", date(2026, 3, 4), None),
        ("I will pay on 2026-03-01", None, None),
        ("I will pay on 2026-02-30", None, None),
        ("我31号还", date(2026, 3, 31), None),
    ],
)
def test_a_promise_names_its_day_and_amount(text: str, on: date | None, amount: int | None) -> None:
    meaning = understand(text, MONDAY)
    assert (meaning.intent, meaning.promised_on, meaning.promised_minor_units) == ("promise", on, amount)


def test_a_question_about_paying_is_no_promise() -> None:
    assert understand("Can I pay in instalments?", MONDAY).intent == "question"
    assert understand("可以分期还吗?", MONDAY).intent == "question"


@pytest.mark.parametrize("text", ["a" * 100_000, "stop " * 50_000, "还" * 50_000, "1,111" * 30_000, " " * 100_000])
def test_a_long_message_is_read_in_bounded_time(text: str) -> None:
    began = perf_counter()
    assert isinstance(understand(text, MONDAY), Meaning)
    assert perf_counter() - began < 1.0
