"""Legal words act at once; denials, other people's lawyers and figures of speech do not."""

from __future__ import annotations

import pytest

from services.outreach.domain.replies.legal_words import legal_meanings
from services.outreach.domain.replies.meaning import Meaning, plain


def found(text: str) -> list[Meaning]:
    return legal_meanings(plain(text))


@pytest.mark.parametrize(
    ("text", "rule", "hold"),
    [
        ("My attorney handles this, write to her", "rule.represented", "representation"),
        ("I have hired a lawyer", "rule.represented", "representation"),
        ("I am represented by counsel", "rule.represented", "representation"),
        ("请联系我的律师", "rule.represented", "representation"),
        ("我已经委托了律师", "rule.represented", "representation"),
        ("I filed for bankruptcy in May", "rule.bankruptcy", "bankruptcy"),
        ("This was discharged in my bankruptcy", "rule.bankruptcy", "bankruptcy"),
        ("Chapter 13 case 26-1201", "rule.bankruptcy", "bankruptcy"),
        ("我已经申请了破产", "rule.bankruptcy", "bankruptcy"),
        ("I am in Breathing Space until March", "rule.moratorium", "moratorium"),
        ("The borrower has passed away", "rule.deceased", "deceased"),
        ("The person you are looking for died last year", "rule.deceased", "deceased"),
        ("I am the executor of his estate", "rule.deceased", "deceased"),
        ("机主去年去世了", "rule.deceased", "deceased"),
        ("他已经去世了", "rule.deceased", "deceased"),
        ("I want to kill myself", "rule.distress", "distress"),
        ("there is no reason left to live", "rule.distress", "distress"),
        ("我活不下去了", "rule.distress", "distress"),
        ("再逼我就去跳楼", "rule.distress", "distress"),
        ("我真的想不开了", "rule.distress", "distress"),
        ("cease and desist", "rule.cease", "cease"),
        ("leave me alone", "rule.cease", "cease"),
        ("停止联系我", "rule.cease", "cease"),
        ("You threatened to hurt my kids", "rule.critical_conduct", "critical_conduct"),
        ("你们扬言要打断我的腿", "rule.critical_conduct", "critical_conduct"),
        ("I will write to the CFPB", "rule.complaint", "complaint"),
        ("我要打12378", "rule.complaint", "complaint"),
        ("This is identity theft", "rule.dispute", "dispute"),
    ],
)
def test_a_legal_word_has_its_own_hold(text: str, rule: str, hold: str) -> None:
    meaning = found(text)[0]
    assert (meaning.rule, meaning.hold) == (rule, hold)


@pytest.mark.parametrize(
    "text",
    [
        "I don't dispute this",
        "I am not disputing the balance",
        "我没有异议",
        "我不投诉",
        "I'm not going to complain",
        "My friend's lawyer lives next door",
        "my sister has a lawyer and she is nice",
        "他的律师很忙",
        "朋友请了律师",
        "I don't have a lawyer",
        "I have not filed for bankruptcy",
        "I'm not bankrupt",
        "my brother's bankruptcy was years ago",
        "我没有申请破产",
        "我老公去世了",
        "My husband passed away",
        "If I died tomorrow would this be over",
        "Don't stop, please keep me informed",
        "I will call you at the bus stop",
        "I'm not suicidal",
        "我不会自杀的",
        "my neighbour wanted to kill himself once",
        "其他我不管",
        "Chapter closed, thanks",
        "The line was dead",
        "I was the one who called",
    ],
)
def test_what_only_sounds_like_it_is_left_to_the_model(text: str) -> None:
    assert found(text) == []


def test_every_legal_meaning_of_a_message_takes_effect_and_the_safest_names_it() -> None:
    first, *others = found("My lawyer says this is not my debt. Stop calling me.")
    assert first.rule == "rule.represented"
    assert [m.rule for m in others] == ["rule.stop", "rule.dispute"]


def test_of_two_complaints_only_the_graver_is_opened() -> None:
    assert [m.rule for m in found("You threatened to hurt me, this is harassment")] == ["rule.critical_conduct"]


@pytest.mark.parametrize(
    "text", ["Do not call me at work", "My employer does not allow calls", "别打到我单位", "公司不让接电话"]
)
def test_no_calls_at_work_refuses_the_workplace_and_nothing_else(text: str) -> None:
    (meaning,) = found(text)
    assert meaning.refuses_work
    assert meaning.refused_channel is None
    assert meaning.hold is None


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Please stop", "this"),
        ("take me off your list", "this"),
        ("no more phone calls", "call"),
        ("请勿发邮件", "email"),
    ],
)
def test_a_refusal_names_its_channel(text: str, channel: str) -> None:
    assert found(text)[0].refused_channel == channel
