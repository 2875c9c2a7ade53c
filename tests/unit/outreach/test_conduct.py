"""The conduct checker: nothing forbidden passes, whatever its spelling, and what is decent is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.adapters.conduct.lexicon import conduct_checker
from services.outreach.adapters.conduct.report import FALSE_BLOCKS_MAX, measure, read_sentences
from services.outreach.domain.conduct.checker import CATEGORIES, TEXT_LENGTH_MAX, Finding, Turn

CHECKER = conduct_checker()
SENTENCES = list(read_sentences())
FORBIDDEN = [entry for entry in SENTENCES if entry.category is not None]


def rules_in(text: str, audience: str = "borrower") -> set[str]:
    return {finding.rule for finding in CHECKER.check(text, audience)}


def test_every_forbidden_sentence_is_found_and_fewer_than_two_in_a_hundred_clean_ones_are() -> None:
    report = measure()
    assert report.missed == ()
    assert report.false_block_rate < FALSE_BLOCKS_MAX
    assert report.forbidden + report.clean >= 300


def test_the_labelled_set_is_half_clean_and_has_every_category_in_both_languages() -> None:
    clean = sum(entry.category is None for entry in SENTENCES)
    assert clean >= len(SENTENCES) * 0.45
    kinds = {(entry.category, entry.language) for entry in FORBIDDEN}
    assert kinds == {(category, language) for category in CATEGORIES for language in ("en", "zh")}
    assert len({entry.text for entry in SENTENCES}) == len(SENTENCES)


def test_a_checker_without_its_lexicon_would_be_noticed() -> None:
    """The report can fail: a lexicon of one rule misses almost everything."""
    few = type(CHECKER)(CHECKER.rules[:1], CHECKER._normaliser)
    assert not measure(few).is_good


@pytest.mark.parametrize(
    "text",
    [
        "You will be ARRESTED.",
        "You will be a.r.r.e.s.t.e.d.",
        "You will be arr\u200bested.",
        "You will be arrested.",
        "You will be \u0430rr\u0435st\u0435d.",
        "You will be 4rrested.",
        "you will be ärrested",
        "让你坐牢",
        "让你坐 牢",
        "让你坐·牢",
        "讓你坐牢",
        "让你坐\u200b牢",
        "让你【坐】牢",
    ],
)
def test_another_spelling_hides_nothing(text: str) -> None:
    assert {finding.category for finding in CHECKER.check(text)} == {"threat"}


@given(st.sampled_from(FORBIDDEN), st.sampled_from(["\u200b", "\u00ad", "\u2060"]), st.data())
def test_an_invisible_character_anywhere_hides_nothing(entry: object, hidden: str, data: st.DataObject) -> None:
    text = entry.text  # type: ignore[attr-defined]  # hypothesis draws from a list of sentences
    place = data.draw(st.integers(0, len(text)))
    changed = text[:place] + hidden + text[place:]
    assert rules_in(changed, entry.audience) == rules_in(text, entry.audience)  # type: ignore[attr-defined]  # as above


@given(st.sampled_from(FORBIDDEN))
def test_full_width_letters_hide_nothing(entry: object) -> None:
    text = entry.text  # type: ignore[attr-defined]  # hypothesis draws from a list of sentences
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)
    assert rules_in(wide, entry.audience)  # type: ignore[attr-defined]  # as above


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_every_span_lies_in_it(text: str) -> None:
    for finding in CHECKER.check(text):
        assert 0 <= finding.start < finding.end <= len(text)


def test_a_span_covers_the_words_as_they_were_written() -> None:
    text = "Good day. You will be a-r-r-e-s-t-e-d tomorrow."
    (finding,) = CHECKER.check(text)
    assert text[finding.start : finding.end] == "a-r-r-e-s-t-e-d"
    text = "您好。再不还就让你坐 牢。"
    (finding,) = CHECKER.check(text)
    assert text[finding.start : finding.end] == "坐 牢"


def test_the_reason_is_in_the_readers_language() -> None:
    (finding,) = CHECKER.check("You are a deadbeat.")
    assert finding.reason("en") == "insults the person"
    assert finding.reason("zh") == "侮辱对方"


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ("Nobody will be arrested for this.", "You will be arrested for this."),
        ("We will not call your employer.", "We will call your employer."),
        ("Please do not take out a loan to pay us.", "Please take out a loan to pay us."),
        ("We cannot freeze your account.", "We can freeze your account."),
        ("不会让您坐牢。", "会让您坐牢。"),
        ("我们不会通知您的单位。", "我们会通知您的单位。"),
        ("请勿以贷还贷。", "可以以贷还贷。"),
        ("我们尚未起诉。", "我们已经起诉。"),
    ],
)
def test_a_denial_passes_and_the_same_words_as_a_threat_do_not(denied: str, said: str) -> None:
    assert rules_in(denied) == set()
    assert rules_in(said)


def test_a_condition_is_no_denial() -> None:
    assert rules_in("If you do not pay, you will be arrested.")
    assert rules_in("If you cannot pay, we will call your employer.")


def test_a_denial_in_one_sentence_does_not_cover_the_next() -> None:
    assert rules_in("We will not call your family. Your employer we will call tomorrow: we call your employer.")


def test_what_a_borrower_may_hear_of_the_debt_nobody_else_may() -> None:
    text = "Your account is overdue by $125.00."
    assert rules_in(text) == set()
    assert rules_in(text, "third_party") == {"en_third_party_debt"}


def test_links_and_codes_are_no_speech() -> None:
    assert rules_in("Check JA1L-0000-JA1L-9QXM at https://pages.example.com/b/arrested-jail.") == set()


def test_of_a_transcript_only_our_own_turns_are_conduct_of_ours() -> None:
    turns = [
        Turn("agent", "Good day, is this a good time to talk?"),
        Turn("borrower", "You are a liar, I will have you arrested."),
        Turn("bot", "Nobody will be arrested."),
        Turn("agent", "You are a deadbeat."),
    ]
    findings = CHECKER.read_transcript(turns)
    assert [(finding.turn, finding.category) for finding in findings] == [(3, "insult")]


def test_a_text_too_long_to_be_read_is_refused() -> None:
    assert CHECKER.check("a" * TEXT_LENGTH_MAX) == []
    assert [finding.rule for finding in CHECKER.check("a" * (TEXT_LENGTH_MAX + 1))] == ["text_too_long"]


def test_the_same_sentence_again_gives_the_same_findings() -> None:
    first: list[Finding] = CHECKER.check("Pay, or else you will be arrested.")
    assert first
    assert CHECKER.check("Pay, or else you will be arrested.") == first
