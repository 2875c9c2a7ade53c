"""The text of an agreement: both languages whole, short sentences, the same words for the same terms."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from string import Formatter

import pytest

from services.negotiation.domain.agreement import clearance_texts, texts_en, texts_zh
from services.negotiation.domain.agreement.cooling_off import cooling_off_until, right_to_withdraw
from services.negotiation.domain.agreement.text import AgreementText, Places, agreement_text
from services.negotiation.domain.fair_terms.clauses import ALWAYS_NEEDED, not_allowed
from services.negotiation.domain.terms import Outline, Terms, draw_up
from shared.kernel.places import WIDEST_ZONES

PLACES = Places("complaints@collections.example.com", "https://collections.example.com/genuine")
TWO_PAYMENTS = draw_up(Outline("instalments", 120_000, 5_500, 2, date(2026, 3, 12)), currency="USD", grace_days=3)
IN_ONE = draw_up(Outline("lump_sum", 1_255, 0, 1, date(2026, 3, 12)), currency="CNY", grace_days=0)
ENGLISH = """\
Your payment agreement
Who agrees with whom [parties]
We are the agency named above.
We act for the creditor named above.
You are the person this case belongs to. The case reference stands for you.
How much you pay [amount]
Under this agreement you pay USD 1,200.00 in all.
You owe USD 1,255.00 today.
When you pay [payments_many]
You make 2 payments.
The first is due on 12 March 2026, the last on 12 April 2026.
The table shows every payment.
What you no longer owe [discount]
When you have paid USD 1,200.00, the creditor gives up USD 55.00.
You then owe nothing more on this case.
A few days late [grace]
A payment is still on time if it arrives within 3 days after its due date.
The day it arrives counts, not the day we book it.
"""
CHINESE = """\
还款协议
协议双方 [parties]
我们是上方所列的机构。
我们代表上方所列的债权人。
您是本案件对应的本人，案件编号即代表您。
还款总额 [amount]
按本协议，您共还款 12.55 元。
您目前欠款 12.55 元。
还款时间 [payments_one]
请在 2026年3月12日 前还款 12.55 元。
结清 [no_discount]
您还清 12.55 元 后，该债务即全部结清。
按时还款 [no_grace]
在到期日到账即为按时。
以到账日为准，不以入账日为准。
"""


def text(terms: Terms, language: str, *, owed: int = 125_500, jurisdiction: str = "US") -> AgreementText:
    period = right_to_withdraw(jurisdiction, terms)
    return agreement_text(terms, owed=owed, cooling_off=period, places=PLACES, language=language)


def test_the_english_text_is_this_text() -> None:
    assert text(TWO_PAYMENTS, "en").plain().startswith(ENGLISH)


def test_the_chinese_text_is_this_text() -> None:
    assert text(IN_ONE, "zh", owed=1_255, jurisdiction="CN").plain().startswith(CHINESE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_debt_too_old_to_be_sued_on_is_said_first_and_of_no_other(language: str) -> None:
    period = right_to_withdraw("US", IN_ONE)
    old = agreement_text(IN_ONE, owed=1_255, cooling_off=period, places=PLACES, language=language, is_time_barred=True)
    assert old.codes == ("time_barred", *text(IN_ONE, language).codes)
    assert old.text_hash != text(IN_ONE, language, owed=1_255).text_hash


def test_every_clause_form_and_label_is_there_in_both_languages_with_the_same_figures() -> None:
    for english, chinese in (
        (texts_en.FORMS, texts_zh.FORMS),
        (texts_en.LABELS, texts_zh.LABELS),
        (clearance_texts.STATEMENTS["en"], clearance_texts.STATEMENTS["zh"]),
        (clearance_texts.LABELS["en"], clearance_texts.LABELS["zh"]),
    ):
        assert english.keys() == chinese.keys()
    assert texts_en.CLAUSES.keys() == texts_zh.CLAUSES.keys()
    for code, (_, sentences) in texts_en.CLAUSES.items():
        assert _fields(sentences) == _fields(texts_zh.CLAUSES[code][1]), code


def test_english_sentences_are_short() -> None:
    for code, (_, sentences) in texts_en.CLAUSES.items():
        for sentence in re.split(r"(?<=[.?])\s", " ".join(sentences)):
            assert len(sentence.split()) <= 20, (code, sentence)


def test_chinese_sentences_are_short() -> None:
    for code, (_, sentences) in texts_zh.CLAUSES.items():
        for sentence in "".join(sentences).split("。"):
            assert len(sentence) <= 60, (code, sentence)


def test_every_clause_is_of_the_catalogue_of_fair_ones() -> None:
    assert not_allowed(texts_en.CLAUSES) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_borrower_keeps_is_said_whatever_the_terms(language: str) -> None:
    paused = replace(TWO_PAYMENTS, kind="hardship_pause", pause_until=date(2026, 6, 1))
    for terms in (TWO_PAYMENTS, IN_ONE, paused):
        codes = {clause.code for clause in text(terms, language).clauses}
        assert codes >= {"cooling_off", "rights", "early", "late", "change", "costs", "genuine", "contacts"}
        assert codes >= ALWAYS_NEEDED
        assert ("pause" in codes) == (terms.pause_until is not None)


def test_another_term_another_language_and_another_balance_are_another_text() -> None:
    same = text(TWO_PAYMENTS, "en").text_hash
    assert text(TWO_PAYMENTS, "en").text_hash == same
    others = [
        text(replace(TWO_PAYMENTS, grace_days=4), "en"),
        text(TWO_PAYMENTS, "zh"),
        text(TWO_PAYMENTS, "en", owed=125_501),
    ]
    assert same not in {other.text_hash for other in others}
    assert len({other.text_hash for other in others}) == 3


def test_the_law_is_named_where_the_days_are_the_laws() -> None:
    restructured = replace(TWO_PAYMENTS, form="restructured")
    assert "Consumer Credit Act 1974" in text(restructured, "en", jurisdiction="GB").plain()
    assert "Basis: own policy." in text(restructured, "en", jurisdiction="US").plain()


def test_the_last_day_of_cooling_off_is_wholly_theirs_in_every_zone() -> None:
    agreed_at = datetime(2026, 3, 2, 15, tzinfo=UTC)
    known: list[tuple[tuple[str, ...], datetime]] = [
        (("America/New_York",), datetime(2026, 3, 10, 4, tzinfo=UTC)),
        # The earliest date of agreement, and the latest end of the last day.
        (("America/New_York", "America/Los_Angeles"), datetime(2026, 3, 10, 7, tzinfo=UTC)),
        (("Asia/Shanghai",), datetime(2026, 3, 9, 16, tzinfo=UTC)),
    ]
    for zones, last in known:
        assert cooling_off_until(agreed_at, 7, zones) == last
    for widest in WIDEST_ZONES.values():
        assert cooling_off_until(agreed_at, 7, widest) - agreed_at > timedelta(days=7)


def _fields(sentences: tuple[str, ...]) -> set[str]:
    return {field for sentence in sentences for _, field, _, _ in Formatter().parse(sentence) if field}
