"""The small model: the same numbers as what trained it, fast, and silent where it is not sure."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types

from deploy.models.replies.sentences import generated, held_out, written
from deploy.models.replies.training import counts_matrix
from services.outreach.adapters.reply_model import FILE, load_model, parse_model
from services.outreach.domain.replies.meaning import DISTRESS, INTENTS, UNSURE
from services.outreach.domain.replies.reading import understand

MONDAY = date(2026, 3, 2)
HELD_OUT = held_out()


def test_our_inference_gives_the_probabilities_of_scikit_learn() -> None:
    model = load_model()
    transformer = TfidfTransformer(sublinear_tf=True)
    transformer.idf_ = np.array(model.idf)
    classifier = LogisticRegression()
    classifier.classes_ = np.arange(len(INTENTS))
    classifier.coef_ = np.array(model.weights) / model.temperature
    classifier.intercept_ = np.array(model.intercepts) / model.temperature
    texts = [sentence.text for sentence in HELD_OUT]
    theirs = classifier.predict_proba(transformer.transform(counts_matrix(texts)))
    for text, row in zip(texts, theirs, strict=True):
        ours = dict(model.confidences(text))
        assert [ours[intent] for intent in INTENTS] == pytest.approx(list(row), abs=1e-9)


def test_what_is_done_without_a_person_is_right_on_sentences_it_never_saw() -> None:
    model = load_model()
    meanings = [(s.intent, understand(s.text, MONDAY, model)) for s in HELD_OUT]
    alone = [(intent, m.intent) for intent, m in meanings if not m.is_unread]
    one_effect = {"cannot_pay", "hardship"}
    right = sum(meant == read or {meant, read} == one_effect for meant, read in alone)
    assert right / len(alone) >= 0.97
    best = sum(s.intent == model.confidences(s.text)[0][0] for s in HELD_OUT)
    assert best / len(HELD_OUT) >= 0.92


def test_few_replies_are_left_to_a_person() -> None:
    model = load_model()
    unread = sum(understand(s.text, MONDAY, model).is_unread for s in HELD_OUT)
    assert unread / len(HELD_OUT) <= 0.25


def test_no_held_out_sentence_is_among_the_trained_ones() -> None:
    trained = {s.text for s in written()} | {s.text for s in generated()}
    assert [s.text for s in HELD_OUT if s.text in trained] == []
    assert len(trained) >= 1_200
    assert len(HELD_OUT) >= 300


@pytest.mark.parametrize("text", ["qwrtz plmkj", "Ich habe den Betrag überwiesen", "मैं कल दूँगा", "@@@ 555 ###", "的"])
def test_what_it_does_not_know_goes_to_a_person(text: str) -> None:
    meaning = understand(text, MONDAY, load_model())
    assert meaning.review == UNSURE
    assert meaning.is_unread
    assert meaning.hold is None
    assert len(meaning.suggestions) == 3


def test_possible_despair_is_looked_at_first_however_unsure_the_model_is() -> None:
    meaning = understand("everything feels heavy and dark, i cry", MONDAY, load_model())
    assert (meaning.intent, meaning.hold, meaning.review) == ("distress", "distress", DISTRESS)


def test_a_reply_is_read_in_less_than_two_milliseconds() -> None:
    model = load_model()
    texts = [sentence.text for sentence in HELD_OUT]
    for text in texts:
        understand(text, MONDAY, model)
    began = perf_counter()
    for text in texts:
        understand(text, MONDAY, model)
    assert (perf_counter() - began) / len(texts) < 0.002


def test_weights_that_are_out_of_form_stop_the_start() -> None:
    document = FILE.read_text("utf-8")
    with pytest.raises(ValueError, match="other intents apart"):
        parse_model(document.replace('"call_back"', '"recall"'))
    with pytest.raises(ValueError, match="missing"):
        parse_model(document.replace('"buckets": 49152', '"buckets": 49151'))
    assert len(document) < 1_000_000
