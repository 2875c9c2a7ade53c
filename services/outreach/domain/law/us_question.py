"""The form of a question: what must be told, what may be, and nothing else, so that a slip never becomes a default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.outreach.domain.law.dates import MissingFact

Given = Mapping[str, Any]
Question = Callable[[Given], Given]


def asked(answer: Question, needs: str = "", may: str = "") -> Question:
    """`answer`, once everything in `needs` is given and nothing is that is in neither; raises MissingFact by name."""
    needed = frozenset(needs.split())
    known = needed | frozenset(may.split())

    def checked(given: Given) -> Given:
        for name in sorted((needed - set(given)) | (set(given) - known)):
            raise MissingFact(name)
        return answer(given)

    return checked
