"""What a message means to us, and what has to follow from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

TEXT_LENGTH_MAX = 4_000
INTENTS = (
    "promise",
    "cannot_pay",
    "already_paid",
    "wrong_person",
    "hardship",
    "dispute",
    "complaint",
    "call_back",
    "distress",
    "question",
    "other",
)
"""What the model tells apart. `stop` is not among them: a refusal is found by rule or by a person, never guessed."""

UNSURE, DISTRESS, CALL_BACK, CONTRADICTION = "unsure", "distress", "call_back", "contradiction"
"""Why a person has to look at a reply."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The intent of a message, the rule or model that found it, and what it said besides."""

    intent: str
    rule: str
    hold: str | None = None
    refused_channel: str | None = None
    """The channel that is not wanted any more; `this`: the one the message came by."""
    refuses_work: bool = False
    """No calls where the person works (15 U.S.C. 1692c(a)(3))."""
    is_wrong_person: bool = False
    is_represented: bool = False
    arrears_cause: str | None = None
    promised_on: date | None = None
    promised_minor_units: int | None = None
    category: str | None = None
    """Ground of a dispute, category of a complaint."""
    review: str | None = None
    """Why a person has to look at it; None: nobody has to."""
    suggestions: tuple[tuple[str, int], ...] = ()
    """What the model thinks, in basis points, the likeliest first."""
    also: tuple[Meaning, ...] = ()
    """Less protective meanings of the same message, whose effects are taken as well."""

    @property
    def is_unread(self) -> bool:
        """Nobody knows yet what it means: nothing is announced before a person has read it."""
        return self.review == UNSURE


def plain(text: str) -> str:
    """The text as every rule and the model read it: one form of each character, one space, lower case, bounded."""
    said = normalize("NFKC", text[:TEXT_LENGTH_MAX]).replace("\u2019", "'").replace("\u2018", "'")
    return re.sub(r"\s+", " ", said).strip().lower()
