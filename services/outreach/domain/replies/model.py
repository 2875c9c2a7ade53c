"""The small model's inference: hashed n-grams, TF-IDF, multinomial logistic regression, in plain Python.

The weights come from outside; training and this code must count the same n-grams, so training uses `counts_of` too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log, sqrt
from operator import itemgetter, mul
from zlib import crc32

NGRAM_MAX = 4
_WORD = re.compile(r"[a-z'0]+")
CHARACTERS_MAX = 320
"""What a message means stands in its first lines; the rest would only cost time. Rules read all of it."""


@lru_cache(maxsize=65_536)
def _bucket(ngram: str, buckets: int) -> int:
    return crc32(ngram.encode("utf-8", "replace")) % buckets


def counts_of(said: str, buckets: int) -> dict[int, int]:
    """How often each bucket's n-grams occur in plain text. Digits are one sign: an amount is no intent.

    Of characters; and of words, one and two together, where a script writes words apart.
    """
    text = f" {re.sub('[0-9]', '0', said[:CHARACTERS_MAX])} "
    counts: Counter[int] = Counter()
    for length in range(1, NGRAM_MAX + 1):
        counts.update([_bucket(text[at : at + length], buckets) for at in range(len(text) - length + 1)])
    words = _WORD.findall(text)
    counts.update([_bucket(f"w:{word}", buckets) for word in words])
    counts.update([_bucket(f"w:{first} {second}", buckets) for first, second in pairwise(words)])
    return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class ReplyModel:
    """`weights`: for each intent one number a bucket. `threshold`: below it a person reads."""

    version: str
    intents: tuple[str, ...]
    idf: Sequence[float]
    weights: tuple[Sequence[float], ...]
    intercepts: tuple[float, ...]
    temperature: float
    threshold: float

    def confidences(self, said: str) -> list[tuple[str, float]]:
        """Every intent with its calibrated probability, the likeliest first."""
        scores = [score / self.temperature for score in self.scores(said)]
        highest = max(scores)
        powers = [exp(score - highest) for score in scores]
        total = sum(powers)
        return sorted(
            ((intent, power / total) for intent, power in zip(self.intents, powers, strict=True)),
            key=lambda pair: (-pair[1], pair[0]),
        )

    def scores(self, said: str) -> list[float]:
        counts = counts_of(said, len(self.idf))
        if len(counts) < 2:
            return list(self.intercepts)
        pick = itemgetter(*counts)
        values = [(1.0 + log(count)) * idf for count, idf in zip(counts.values(), pick(self.idf), strict=True)]
        length = sqrt(sum(map(mul, values, values))) or 1.0
        return [
            intercept + sum(map(mul, values, pick(row))) / length
            for row, intercept in zip(self.weights, self.intercepts, strict=True)
        ]
