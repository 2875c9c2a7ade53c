"""The model's inference in plain Python: hashed character n-grams, TF-IDF, multinomial logistic regression.

Training counts with `counts_of` too. It stands apart from the reader of replies, so that either can change its features
without the other's weights going stale.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, sqrt
from operator import itemgetter, mul
from zlib import crc32

NGRAM_MAX = 4
CHARACTERS_MAX = 320
"""Of one sentence; longer ones are several that lack their marks, and the rules read all of them."""


@lru_cache(maxsize=65_536)
def _bucket(ngram: str, buckets: int) -> int:
    return crc32(ngram.encode("utf-8", "replace")) % buckets


def counts_of(sentence: str, buckets: int) -> dict[int, int]:
    """How often each bucket's n-grams occur. Digits are one sign: no amount is misconduct."""
    text = f" {re.sub('[0-9]', '0', sentence.strip()[:CHARACTERS_MAX])} "
    counts: Counter[int] = Counter()
    for length in range(1, NGRAM_MAX + 1):
        counts.update([_bucket(text[at : at + length], buckets) for at in range(len(text) - length + 1)])
    return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class Scorer:
    """`weights`: for each class one number a bucket."""

    classes: tuple[str, ...]
    idf: Sequence[float]
    weights: tuple[Sequence[float], ...]
    intercepts: tuple[float, ...]

    def probabilities(self, sentence: str) -> dict[str, float]:
        scores = self._scores(counts_of(sentence, len(self.idf)))
        highest = max(scores)
        powers = [exp(score - highest) for score in scores]
        total = sum(powers)
        return {name: power / total for name, power in zip(self.classes, powers, strict=True)}

    def _scores(self, counts: dict[int, int]) -> list[float]:
        if len(counts) < 2:
            return list(self.intercepts)
        pick = itemgetter(*counts)
        values = [(1.0 + log(count)) * idf for count, idf in zip(counts.values(), pick(self.idf), strict=True)]
        length = sqrt(sum(map(mul, values, values))) or 1.0
        return [
            intercept + sum(map(mul, values, pick(row))) / length
            for row, intercept in zip(self.weights, self.intercepts, strict=True)
        ]
