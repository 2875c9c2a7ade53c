"""Trains the conduct reader with scikit-learn: TF-IDF over hashed n-grams, multinomial logistic regression.

The floors are set on predictions for lines that the predicting model had not seen, and only on sentences in which no
rule finds anything: those are the ones the model is asked about. The held-out sentences only measure.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships no types
from sklearn.feature_extraction.text import TfidfTransformer  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from deploy.models.conduct.sentences import Sentence, varied
from services.outreach.adapters.conduct.lexicon import rules_alone
from services.outreach.adapters.conduct.model import CLASSES, SCRIPTS
from services.outreach.domain.conduct.reader import CLEAN
from services.outreach.domain.conduct.scoring import counts_of

VERSION = "2026.1"
BUCKETS = 32_768
STRENGTH = 30.0
FOLDS = 5
FALSE_REVIEW_WANTED = 0.03
"""Of clean sentences that the model had not seen, hard ones all of them, so many may go to a person."""
BLOCK_FLOOR_MIN = 0.99
STEPS = 127


@dataclass(frozen=True, slots=True)
class Trained:
    """Full-precision parts of the model, its floors by script, and what it found at them in unseen lines."""

    transformer: Any
    classifier: Any
    review: dict[str, float]
    block: dict[str, float]
    found_unseen: dict[str, float]


def train(sentences: list[Sentence]) -> Trained:
    # One thread: sums in another order are other sums, and the file must come out the same.
    with threadpool_limits(1):
        unseen, wrong = _unseen_scores(sentences)
        review, block, found = {}, {}, {}
        for script in SCRIPTS:
            ours = np.array([s.language == script and not rules_alone().read(s.text) for s in unseen])
            clean = np.array([s.category == CLEAN for s in unseen])
            decent = np.sort(wrong[ours & clean])[::-1]
            review[script] = _up(decent[int(FALSE_REVIEW_WANTED * len(decent))])
            block[script] = max(BLOCK_FLOOR_MIN, _up(decent[0]))
            found[script] = float((wrong[ours & ~clean] >= review[script]).mean())
        transformer, classifier = fit(varied(sentences))
    return Trained(transformer, classifier, review, block, found)


def _up(probability: Any) -> float:
    return float(np.ceil(float(probability) * 1_000 + 1e-9) / 1_000)


def fit(sentences: list[Sentence]) -> tuple[Any, Any]:
    transformer = TfidfTransformer(sublinear_tf=True)
    features = transformer.fit_transform(counts_matrix([s.text for s in sentences]))
    classifier = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-4)
    classifier.fit(features, [CLASSES.index(s.category) for s in sentences])
    return transformer, classifier


def counts_matrix(texts: list[str]) -> Any:
    counted = [counts_of(text, BUCKETS) for text in texts]
    rows = [row for row, counts in enumerate(counted) for _ in counts]
    columns = [bucket for counts in counted for bucket in counts]
    values = [float(count) for counts in counted for count in counts.values()]
    return csr_matrix((values, (rows, columns)), shape=(len(texts), BUCKETS))


def _fold(sentence: Sentence) -> int:
    """By the line: what was filled from one line stays in one fold."""
    return hashlib.sha256(sentence.line.encode()).digest()[0] % FOLDS


def _unseen_scores(sentences: list[Sentence]) -> tuple[list[Sentence], Any]:
    """The sentences in the order of their folds, and how likely each is wrong for a model that never saw its line."""
    unseen: list[Sentence] = []
    wrong: list[Any] = []
    for fold in range(FOLDS):
        own = [s for s in sentences if _fold(s) == fold]
        transformer, classifier = fit(varied([s for s in sentences if _fold(s) != fold]))
        wrong.append(1.0 - classifier.predict_proba(transformer.transform(counts_matrix([s.text for s in own])))[:, 0])
        unseen += own
    return unseen, np.concatenate(wrong)


def document_of(trained: Trained) -> str:
    """One JSON document: small numbers in base64, every byte determined by the training."""
    coefficients = np.asarray(trained.classifier.coef_)
    scales = [float(f"{np.abs(row).max() / STEPS:.9g}") for row in coefficients]
    idf = np.asarray(trained.transformer.idf_)
    idf_scale = float(f"{idf.max() / 65_535:.9g}")
    document = {
        "form": 1,
        "version": VERSION,
        "classes": list(CLASSES),
        "buckets": BUCKETS,
        "review": trained.review,
        "block": trained.block,
        "intercepts": [float(f"{value:.4f}") for value in trained.classifier.intercept_],
        "idf": {"scale": idf_scale, "uint16": _packed(np.rint(idf / idf_scale).clip(0, 65_535), "<u2")},
        "weights": [
            {"scale": scale, "int8": _packed(np.rint(row / scale), "i1")}
            for scale, row in zip(scales, coefficients, strict=True)
        ],
    }
    return json.dumps(document, indent=0, sort_keys=True) + "\n"


def _packed(values: Any, kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode()
