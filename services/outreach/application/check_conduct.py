"""Read what staff write, or what was spoken, for what may not be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.outreach.application.ports import Resources
from services.outreach.domain.conduct.checker import Action, Finding, Turn
from services.outreach.domain.templates.version import Audience


@dataclass(frozen=True, slots=True)
class ConductFinding:
    """`start` and `end` count characters of the text; `turn` the turn of a transcript, from 0.

    `action`: block (it may not be said) or review (a person looks before it is).
    """

    rule: str
    category: str
    start: int
    end: int
    reason: str
    turn: int | None
    action: Action


def check_conduct(
    resources: Resources, text: str, language: str, audience: Audience = "borrower"
) -> list[ConductFinding]:
    """`language` is that of the reasons. Rules of both languages are read over every text: people mix them."""
    return [_told(finding, language) for finding in resources.content.conduct.read(text, audience)]


def check_transcript(
    resources: Resources, turns: Sequence[Turn], language: str, audience: Audience = "borrower"
) -> list[ConductFinding]:
    """What our own side said."""
    return [_told(finding, language) for finding in resources.content.conduct.read_transcript(turns, audience)]


def _told(finding: Finding, language: str) -> ConductFinding:
    return ConductFinding(
        finding.rule,
        finding.category,
        finding.start,
        finding.end,
        finding.reason(language),
        finding.turn,
        finding.action,
    )
