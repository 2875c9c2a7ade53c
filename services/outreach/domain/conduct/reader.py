"""What a small model makes of a sentence that no rule knows. It asks for a person; it hardly ever decides itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.outreach.domain.conduct.scoring import Scorer

CLEAN = "clean"
LETTERS_MIN = 4
"""Less than that is no sentence that a model could know anything of."""
_LETTERS = re.compile(r"[^\W\d_]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")

REASONS: Mapping[str, tuple[str, str]] = {
    "threat": ("reads like a threat; a person has to look", "疑似威胁,需人工查看"),
    "insult": ("reads like an insult; a person has to look", "疑似侮辱,需人工查看"),
    "deception": ("may mislead; a person has to look", "疑似误导,需人工查看"),
    "impersonation": ("may pretend to be somebody else; a person has to look", "疑似冒充身份,需人工查看"),
    "disclosure": ("may tell others of the debt; a person has to look", "疑似向他人透露债务,需人工查看"),
    "harassment": ("reads like harassment; a person has to look", "疑似骚扰,需人工查看"),
    "off_topic": ("may have nothing to do with the account; a person has to look", "疑似与账户无关,需人工查看"),
    "new_borrowing": ("may ask for new borrowing; a person has to look", "疑似要求借新还旧,需人工查看"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """`is_sure`: so far above everything decent that it is kept back without a person."""

    category: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class ConductModel:
    """Floors are probabilities by script, `en` and `zh`: what is decent spreads differently in the two."""

    version: str
    scorer: Scorer
    review_floors: Mapping[str, float]
    block_floors: Mapping[str, float]

    def doubt(self, sentence: str) -> Doubt | None:
        """`sentence` in normal spelling; None: nothing to look at."""
        if len(_LETTERS.findall(sentence)) < LETTERS_MIN:
            return None
        probabilities = self.scorer.probabilities(sentence)
        wrong = 1.0 - probabilities.pop(CLEAN)
        script = script_of(sentence)
        if wrong < self.review_floors[script]:
            return None
        return Doubt(max(probabilities, key=lambda name: probabilities[name]), wrong >= self.block_floors[script])


def script_of(sentence: str) -> str:
    return "zh" if _CHINESE.search(sentence) else "en"
