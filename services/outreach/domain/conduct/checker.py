"""Reads a text for what must not be said. A pure function of the text, the audience and the lexicon.

A rule looks for a pattern inside one sentence and keeps quiet where another pattern says that the sentence denies or
explains it ("nobody is arrested for a debt"). Rules are data (`adapters/conduct.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from services.outreach.domain.conduct.normalise import Normal, Normaliser

CATEGORIES = (
    "threat",
    "insult",
    "deception",
    "impersonation",
    "disclosure",
    "harassment",
    "off_topic",
    "new_borrowing",
)
TEXT_LENGTH_MAX = 20_000
_SENTENCE = re.compile(r"[^.!?;。!?;\n]+(?:\.(?=\S)[^.!?;。!?;\n]+)*")
SENTENCES_KNOWN_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`triggers`: one of them is in every text that the pattern matches, so that most texts are read quickly."""

    id: str
    category: str
    language: str
    audiences: frozenset[str]
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    reason_en: str
    reason_zh: str


_Hit = tuple[Rule, int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` count characters of the text as it was given; `turn` the turn of a transcript, from 0."""

    rule: str
    category: str
    start: int
    end: int
    reason_en: str
    reason_zh: str
    turn: int | None = None

    def reason(self, language: str) -> str:
        return self.reason_zh if language == "zh" else self.reason_en


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said. Only what our side says is conduct of ours."""

    speaker: str
    text: str

    @property
    def is_ours(self) -> bool:
        return self.speaker in ("agent", "bot", "agency")


class ConductChecker:
    """Rules of both languages are read over every text: people mix them, and so do those who evade."""

    def __init__(self, rules: Sequence[Rule], normaliser: Normaliser) -> None:
        self.rules = tuple(rules)
        self._normaliser = normaliser
        # Most sentences of most messages are those of their template. Keyed by a hash: no text stays in memory.
        self._known: dict[bytes, tuple[_Hit, ...]] = {}

    def check(self, text: str, audience: str = "borrower") -> list[Finding]:
        """Findings in the order of the text. What is too long to be read whole is a finding itself."""
        if len(text) > TEXT_LENGTH_MAX:
            return [_too_long(len(text))]
        normal = self._normaliser.normalise(text)
        found = [
            _finding(hit, normal, sentence.start())
            for sentence in _SENTENCE.finditer(normal.text)
            for hit in self._read(sentence[0], audience)
        ]
        return sorted(found, key=lambda finding: (finding.start, finding.rule))

    def _read(self, sentence: str, audience: str) -> tuple[_Hit, ...]:
        key = blake2b(f"{audience}\n{sentence}".encode(), digest_size=16).digest()
        if (hits := self._known.get(key)) is None:
            if len(self._known) >= SENTENCES_KNOWN_MAX:
                self._known.clear()
            hits = self._known[key] = tuple(self._hits(sentence, audience))
        return hits

    def _hits(self, sentence: str, audience: str) -> Iterable[_Hit]:
        for rule in self.rules:
            if audience not in rule.audiences or not any(trigger in sentence for trigger in rule.triggers):
                continue
            match = rule.pattern.search(sentence)
            if match is None or match.start() == match.end():
                continue
            if rule.unless is None or rule.unless.search(sentence) is None:
                yield rule, match.start(), match.end()

    def check_transcript(self, turns: Iterable[Turn], audience: str = "borrower") -> list[Finding]:
        return [
            replace(finding, turn=number)
            for number, turn in enumerate(turns)
            if turn.is_ours
            for finding in self.check(turn.text, audience)
        ]


def _finding(hit: _Hit, normal: Normal, offset: int) -> Finding:
    rule, start, end = hit
    where = normal.span(offset + start, offset + end)
    return Finding(rule.id, rule.category, *where, rule.reason_en, rule.reason_zh)


def _too_long(length: int) -> Finding:
    return Finding(
        "text_too_long", "harassment", 0, length, "too long to be read whole; send less", "文字过长,无法完整检查,请缩短"
    )
