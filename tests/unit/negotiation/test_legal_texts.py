"""Texts of the legal track: everything in two languages, for every place, and nothing that threatens."""

from __future__ import annotations

from typing import get_args

from services.negotiation.application.take_legal_steps import HEARING_OUTCOMES, PLACE_KINDS
from services.negotiation.application.work_legal_file import COST_KINDS, DEADLINE_KINDS, DOCUMENT_KINDS
from services.negotiation.domain.legal.entries import KINDS
from services.negotiation.domain.legal.file import MOVES, SIGNED_STEPS, STATE_OF_OUTCOME
from services.negotiation.domain.legal.law import CHECKS
from services.negotiation.domain.legal.signature import Decision
from services.negotiation.domain.legal.stops import ENDING_HOLDS, HALTING_HOLDS
from services.negotiation.entrypoints.counsel.texts import TEXTS, WORDS
from services.negotiation.entrypoints.legal_texts import SHEET_CODES, information_sheet
from services.negotiation.entrypoints.portal.texts.legal import DECISIONS, LEGAL, PLACES, STEPS

CODES = {
    *HEARING_OUTCOMES,
    *PLACE_KINDS,
    *COST_KINDS,
    *DEADLINE_KINDS,
    *DOCUMENT_KINDS,
    *KINDS,
    *MOVES,
    *CHECKS,
    *STATE_OF_OUTCOME,
    *ENDING_HOLDS,
    *HALTING_HOLDS,
}


def test_every_text_is_there_in_both_languages() -> None:
    assert all(both[0] and both[1] for both in (*TEXTS.values(), *WORDS.values()))


def test_every_code_has_words() -> None:
    assert sorted(CODES - WORDS.keys()) == []


def test_the_borrowers_page_has_words_for_every_signed_step_decision_and_place() -> None:
    assert set(STEPS) == set(SIGNED_STEPS)
    assert set(DECISIONS) == set(get_args(Decision))
    assert set(PLACES) == set(PLACE_KINDS)
    texts = (STEPS, DECISIONS, PLACES, LEGAL)
    assert all(english and chinese and english != chinese for of in texts for english, chinese in of.values())


def test_every_state_of_a_file_has_an_information_sheet_with_free_advice() -> None:
    assert set(SHEET_CODES) == {*MOVES, *STATE_OF_OUTCOME.values(), "time_barred"}
    for code in SHEET_CODES:
        for place in ("GB", "CN", "US", "IE"):
            english, chinese = (information_sheet(code, place, language) for language in ("en", "zh-CN"))
            assert english.title != chinese.title
            assert len(english.choices) == len(chinese.choices)
            assert english.advice
            assert chinese.advice
