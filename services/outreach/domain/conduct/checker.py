"""Reads a text for what must not be said. A pure function of the text, the audience, the lexicon and the model.

A rule looks for a pattern inside one sentence and keeps quiet where another pattern says that the sentence denies or
explains it ("nobody is arrested for a debt"). Rules are data (`adapters/conduct/lexicon.yaml`). A rule blocks, or it
asks for a person ("review") where its words are wide; the model reads what no rule knows and asks for a person too.

`check` is for texts made from approved templates: blocking rules alone, since two people have read the template and
only names and amounts are new. `read` is for what a person wrote or said: everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

from services.outreach.domain.conduct.normalise import Normal, Normaliser
from services.outreach.domain.conduct.reader import REASONS, ConductModel

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

Action = Literal["block", "review"]
"""`block`: it may not be said. `review`: a person looks before it is."""


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
    action: Action = "block"


@dataclass(frozen=True, slots=True)
class _Hit:
    """`start` and `end` count characters of the sentence."""

    rule: str
    category: str
    reason_en: str
    reason_zh: str
    action: Action
    start: int
    end: int


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
    action: Action = "block"

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

    def __init__(self, rules: Sequence[Rule], normaliser: Normaliser, model: ConductModel | None = None) -> None:
        self.rules = tuple(rules)
        self._blocking = tuple(rule for rule in self.rules if rule.action == "block")
        self._normaliser = normaliser
        self._model = model
        # Most sentences of most messages are those of their template. Keyed by a hash: no text stays in memory.
        self._known: dict[bytes, tuple[_Hit, ...]] = {}

    def check(self, text: str, audience: str = "borrower") -> list[Finding]:
        """What blocks by rule, in the order of the text. What is too long to be read whole is a finding itself."""
        return self._findings(text, audience, is_whole=False)

    def read(self, text: str, audience: str = "borrower") -> list[Finding]:
        """What blocks, and what a person has to look at, by rule or by model, in the order of the text."""
        return self._findings(text, audience, is_whole=True)

    def _findings(self, text: str, audience: str, *, is_whole: bool) -> list[Finding]:
        if len(text) > TEXT_LENGTH_MAX:
            return [_too_long(len(text))]
        normal = self._normaliser.normalise(text)
        found = [
            _finding(hit, normal, sentence.start())
            for sentence in _SENTENCE.finditer(normal.text)
            for hit in self._known_hits(sentence[0], audience, is_whole)
        ]
        return sorted(found, key=lambda finding: (finding.start, finding.rule))

    def _known_hits(self, sentence: str, audience: str, is_whole: bool) -> tuple[_Hit, ...]:
        key = blake2b(f"{audience}\n{is_whole}\n{sentence}".encode(), digest_size=16).digest()
        if (hits := self._known.get(key)) is None:
            if len(self._known) >= SENTENCES_KNOWN_MAX:
                self._known.clear()
            rules = self.rules if is_whole else self._blocking
            hits = tuple(_hits(rules, sentence, audience)) or (self._doubts(sentence) if is_whole else ())
            self._known[key] = hits
        return hits

    def _doubts(self, sentence: str) -> tuple[_Hit, ...]:
        """What the model makes of a sentence in which no rule found anything."""
        if self._model is None or (doubt := self._model.doubt(sentence)) is None:
            return ()
        start, end = len(sentence) - len(sentence.lstrip()), len(sentence.rstrip())
        action: Action = "block" if doubt.is_sure else "review"
        rule = f"model.{self._model.version}"
        return (_Hit(rule, doubt.category, *REASONS[doubt.category], action, start, end),)

    def read_transcript(self, turns: Iterable[Turn], audience: str = "borrower") -> list[Finding]:
        """What people say comes from no template: it is read whole."""
        return [
            replace(finding, turn=number)
            for number, turn in enumerate(turns)
            if turn.is_ours
            for finding in self.read(turn.text, audience)
        ]


def _hits(rules: Iterable[Rule], sentence: str, audience: str) -> Iterable[_Hit]:
    for rule in rules:
        if audience not in rule.audiences or not any(trigger in sentence for trigger in rule.triggers):
            continue
        match = rule.pattern.search(sentence)
        if match is None or match.start() == match.end():
            continue
        if rule.unless is None or rule.unless.search(sentence) is None:
            yield _Hit(rule.id, rule.category, rule.reason_en, rule.reason_zh, rule.action, *match.span())


def _finding(hit: _Hit, normal: Normal, offset: int) -> Finding:
    where = normal.span(offset + hit.start, offset + hit.end)
    return Finding(hit.rule, hit.category, *where, hit.reason_en, hit.reason_zh, action=hit.action)


def _too_long(length: int) -> Finding:
    return Finding(
        "text_too_long", "harassment", 0, length, "too long to be read whole; send less", "文字过长,无法完整检查,请缩短"
    )
