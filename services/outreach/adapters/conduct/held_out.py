"""How the checker does on sentences that neither its rules nor its model were made with; kept with the tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.outreach.adapters.conduct.lexicon import conduct_checker
from services.outreach.domain.conduct.checker import CATEGORIES, ConductChecker

HELD_OUT = Path(__file__).parents[4] / "tests" / "unit" / "outreach" / "conduct_held_out.yaml"
FRESH = HELD_OUT.with_name("conduct_fresh.yaml")
"""Written after rules and model were finished: the more careful figure."""
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Measured:
    """One held-out sentence and what became of it: block, review, or None. `near`: the class it belongs or comes
    near to; `is_forbidden` says which of the two."""

    text: str
    language: str
    audience: str
    near: str
    is_forbidden: bool
    action: str | None = None
    by_model: bool = False
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of what was given; 0 where nothing was."""

    forbidden: int
    blocked: int
    reviewed: int
    clean: int
    wrongly_blocked: int
    wrongly_reviewed: int

    @property
    def found(self) -> float:
        return (self.blocked + self.reviewed) / max(1, self.forbidden)

    @property
    def false_block(self) -> float:
        return self.wrongly_blocked / max(1, self.clean)

    @property
    def false_review(self) -> float:
        return self.wrongly_reviewed / max(1, self.clean)


def read_held_out(file: Path = HELD_OUT) -> Iterator[Measured]:
    for name, section in yaml.safe_load(file.read_text("utf-8")).items():
        near, audience = name.removesuffix("_to_others"), section.get("audience", "borrower")
        for language in LANGUAGES:
            for kind in ("forbidden", "clean"):
                yield from (
                    Measured(text, language, audience, near, kind == "forbidden") for text in section[language][kind]
                )


def measure_held_out(checker: ConductChecker | None = None, file: Path = HELD_OUT) -> list[Measured]:
    checker = checker or conduct_checker()
    return [_measured(checker, entry) for entry in read_held_out(file)]


def _measured(checker: ConductChecker, entry: Measured) -> Measured:
    findings = checker.read(entry.text, entry.audience)
    actions = {finding.action for finding in findings}
    return Measured(
        entry.text,
        entry.language,
        entry.audience,
        entry.near,
        entry.is_forbidden,
        action="block" if "block" in actions else "review" if actions else None,
        by_model=bool(findings) and all(finding.rule.startswith("model.") for finding in findings),
        categories=frozenset(finding.category for finding in findings),
    )


def rates_of(measured: Sequence[Measured]) -> Rates:
    def count(is_forbidden: bool, *actions: str | None) -> int:
        return sum(entry.is_forbidden is is_forbidden and entry.action in actions for entry in measured)

    return Rates(
        count(True, "block", "review", None),
        count(True, "block"),
        count(True, "review"),
        count(False, "block", "review", None),
        count(False, "block"),
        count(False, "review"),
    )


def lines_of(measured: Sequence[Measured]) -> list[str]:
    """A table in Markdown: no sentence is shown, so that nobody tunes on one."""
    rows = [
        "| class | language | forbidden | blocked | review | found | clean | false block | false review |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for category in CATEGORIES:
        for language in LANGUAGES:
            own = [entry for entry in measured if entry.near == category and entry.language == language]
            rows.append(_row(category, language, rates_of(own)))
    rows += [
        _row("all", language, rates_of([entry for entry in measured if entry.language == language]))
        for language in LANGUAGES
    ]
    return [*rows, _row("all", "both", rates_of(measured))]


def _row(name: str, language: str, rates: Rates) -> str:
    return (
        f"| {name} | {language} | {rates.forbidden} | {rates.blocked} | {rates.reviewed} | {rates.found:.0%} "
        f"| {rates.clean} | {rates.wrongly_blocked} ({rates.false_block:.1%}) "
        f"| {rates.wrongly_reviewed} ({rates.false_review:.1%}) |"
    )
