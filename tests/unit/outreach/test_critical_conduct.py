"""Words that freeze everything at once, and words that must not."""

from __future__ import annotations

import pytest

from services.outreach.domain.critical_conduct import CATEGORIES, alarm_in


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("Your collectors locked me in and wouldn't let me leave for two hours", "detention"),
        ("They didn\u2019t let us go until my wife signed", "detention"),
        ("催收员把我关在办公室里不让我走", "detention"),
        ("he hit me at the door", "violence"),
        ("你们的人打了我", "violence"),
        ("your agent threatened me on the phone", "threats"),
        ("He said he would hurt my son", "threats"),
        ("催收人员威胁我说要找我孩子", "threats"),
        ("you keep harassing my family every night", "harassment"),
        ("他们天天骚扰我家人", "harassment"),
        ("your caller told my boss that I have a debt", "third_party_disclosure"),
        ("你们打给我的同事说我欠钱", "third_party_disclosure"),
        ("She said she's from the police", "impersonation"),
        ("催收员冒充公安", "impersonation"),
        # Several: the gravest.
        ("you threatened me and he beat me", "violence"),
    ],
)
def test_what_somebody_of_ours_is_said_to_have_done_is_an_alarm(words: str, category: str) -> None:
    assert alarm_in(words) == category
    assert category in CATEGORIES


@pytest.mark.parametrize(
    "words",
    [
        "STOP",
        "I will pay on Friday",
        "I want to hurt myself",
        "You never threatened me, you were kind",
        "My landlord is harassing me and I lost my job",
        "you threatened legal action, is that true?",
        "please tell my wife about the debt, she handles it",
        "I am a police officer and I dispute this debt",
        "I will call my lawyer",
        "我下周还款",
        "你们没有威胁我",
        "我在派出所工作",
        "",
    ],
)
def test_other_words_are_no_alarm(words: str) -> None:
    assert alarm_in(words) is None


def test_a_long_text_is_read_to_its_limit_and_no_further() -> None:
    assert alarm_in("a" * 19_000 + " he hit me") == "violence"
    assert alarm_in("a" * 20_001 + " he hit me") is None
