"""`python -m services.outreach conduct-report`: what the checker finds and lets pass among the labelled sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.outreach.adapters.conduct.lexicon import conduct_checker
from services.outreach.domain.conduct.checker import ConductChecker

FILE = Path(__file__).parent / "sentences.yaml"
FALSE_BLOCKS_MAX = 0.02


@dataclass(frozen=True, slots=True)
class Sentence:
    """`category` is None for a clean one."""

    text: str
    language: str
    audience: str
    category: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What went wrong, and out of how many."""

    missed: tuple[Sentence, ...]
    blocked: tuple[Sentence, ...]
    other_category: int
    forbidden: int
    clean: int

    @property
    def false_block_rate(self) -> float:
        return len(self.blocked) / self.clean

    @property
    def is_good(self) -> bool:
        return not self.missed and self.false_block_rate < FALSE_BLOCKS_MAX

    def lines(self) -> list[str]:
        rows = [f"missed: [{entry.category}] {entry.text}" for entry in self.missed]
        rows += [f"blocked although clean: {entry.text}" for entry in self.blocked]
        found = self.forbidden - len(self.missed)
        rows.append(
            f"forbidden sentences found: {found} of {self.forbidden} ({self.other_category} by another category)"
        )
        rows.append(
            f"false-block rate: {self.false_block_rate:.2%} ({len(self.blocked)} of {self.clean} clean sentences)"
        )
        return rows


def measure(checker: ConductChecker | None = None, file: Path = FILE) -> Report:
    checker = checker or conduct_checker()
    missed, blocked, other, forbidden, clean = [], [], 0, 0, 0
    for sentence in read_sentences(file):
        categories = {finding.category for finding in checker.check(sentence.text, sentence.audience)}
        if sentence.category is None:
            clean += 1
            if categories:
                blocked.append(sentence)
            continue
        forbidden += 1
        if not categories:
            missed.append(sentence)
        elif sentence.category not in categories:
            other += 1
    return Report(tuple(missed), tuple(blocked), other, forbidden, clean)


def read_sentences(file: Path = FILE) -> Iterator[Sentence]:
    document = yaml.safe_load(file.read_text("utf-8"))
    for category, languages in document["forbidden"].items():
        for language, texts in languages.items():
            yield from (Sentence(text, language, "borrower", category) for text in texts)
    for kind, languages in document["third_party"].items():
        category = "disclosure" if kind == "forbidden" else None
        for language, texts in languages.items():
            yield from (Sentence(text, language, "third_party", category) for text in texts)
    for language, texts in document["clean"].items():
        yield from (Sentence(text, language, "borrower", None) for text in texts)
