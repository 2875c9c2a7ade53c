"""Trains the model with scikit-learn: TF-IDF over hashed n-grams, multinomial logistic regression, temperature.

Confidence is calibrated and the threshold chosen on predictions for sentences that the predicting model had not seen:
folds of the written sentences. The held-out sentences only measure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships no types
from sklearn.feature_extraction.text import TfidfTransformer  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from deploy.models.replies.sentences import Sentence, varied
from services.outreach.domain.replies.legal_words import legal_meanings
from services.outreach.domain.replies.meaning import INTENTS
from services.outreach.domain.replies.model import counts_of

BUCKETS = 49_152
STRENGTH = 30.0
"""Best of 10, 30 and 100 by cross-validation over the written sentences; balanced class weights were no better."""
FOLDS = 10
PRECISION_WANTED = 0.97
THRESHOLDS = tuple(round(0.30 + 0.01 * step, 2) for step in range(70))
TEMPERATURES = tuple(round(0.30 + 0.02 * step, 2) for step in range(86))


@dataclass(frozen=True, slots=True)
class Trained:
    """Full-precision parts of the model, with what was found about confidence."""

    transformer: Any
    classifier: Any
    temperature: float
    threshold: float


def train(written: list[Sentence], generated: list[Sentence]) -> Trained:
    # One thread: sums in another order are other sums, and the file must come out the same.
    with threadpool_limits(1):
        scores, truth = _unseen_scores(written, generated)
        temperature = _temperature(scores, truth)
        ours = np.array([not legal_meanings(s.text) for s in by_fold(written)])
        threshold = _threshold(_softmax(scores / temperature)[ours], truth[ours])
        transformer, classifier = fit(varied(written + generated))
    return Trained(transformer, classifier, temperature, threshold)


def fit(sentences: list[Sentence]) -> tuple[Any, Any]:
    transformer = TfidfTransformer(sublinear_tf=True)
    features = transformer.fit_transform(counts_matrix([s.text for s in sentences]))
    classifier = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-5)
    classifier.fit(features, [INTENTS.index(s.intent) for s in sentences])
    return transformer, classifier


def counts_matrix(texts: list[str]) -> Any:
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        for bucket, count in counts_of(text, BUCKETS).items():
            rows.append(row)
            columns.append(bucket)
            values.append(float(count))
    return csr_matrix((values, (rows, columns)), shape=(len(texts), BUCKETS))


def _fold(sentence: Sentence) -> int:
    """By the text itself, so that a sentence stays in its fold when others are added."""
    return hashlib.sha256(sentence.text.encode()).digest()[0] % FOLDS


def by_fold(sentences: list[Sentence], wanted: int | None = None) -> list[Sentence]:
    """The sentences in the order in which the folds are predicted."""
    folds = range(FOLDS) if wanted is None else (wanted,)
    return [sentence for fold in folds for sentence in sentences if _fold(sentence) == fold]


def _unseen_scores(written: list[Sentence], generated: list[Sentence]) -> tuple[Any, Any]:
    """Of written sentences only: generated ones have near twins in every fold and would flatter the confidence."""
    scores: list[Any] = []
    truth: list[int] = []
    for fold in range(FOLDS):
        unseen = by_fold(written, fold)
        transformer, classifier = fit(varied([s for s in written if _fold(s) != fold] + generated))
        scores.append(classifier.decision_function(transformer.transform(counts_matrix([s.text for s in unseen]))))
        truth.extend(INTENTS.index(s.intent) for s in unseen)
    return np.concatenate(scores), np.array(truth)


def _softmax(scores: Any) -> Any:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _temperature(scores: Any, truth: Any) -> float:
    """The one under which the true intents are least surprising."""

    def surprise(temperature: float) -> float:
        likely = _softmax(scores / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return min(TEMPERATURES, key=surprise)


def _threshold(probabilities: Any, truth: Any) -> float:
    """The lowest confidence from which on the wanted precision holds among what no rule finds.

    `cannot_pay` and `hardship` put on the same hold, so that one taken for the other is no wrong act.
    """
    pause, cannot = INTENTS.index("hardship"), INTENTS.index("cannot_pay")
    best, guess = probabilities.max(axis=1), probabilities.argmax(axis=1)
    guess, truth = np.where(guess == cannot, pause, guess), np.where(truth == cannot, pause, truth)
    for threshold in THRESHOLDS:
        acted = best >= threshold
        if acted.any() and float((guess[acted] == truth[acted]).mean()) >= PRECISION_WANTED:
            return threshold
    return THRESHOLDS[-1]
