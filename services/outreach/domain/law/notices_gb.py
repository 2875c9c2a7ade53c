"""Notices that must run before a British creditor goes on (CCA 1974 ss. 86B, 87-88; from memory)."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import Answer, Given, days_after, read_choice, read_day, text

DAYS_MIN = {"default_notice": 14, "notice_of_sums_in_arrears": 14}


def statutory_notice(given: Given) -> Answer:
    """The first day on which what the notice announces may be done. `notice`, `served_on`."""
    notice = read_choice(given, "notice", frozenset(DAYS_MIN))
    days = DAYS_MIN[notice]
    return {"open_from": text(days_after(read_day(given, "served_on"), days)), "days": days, "confidence": "memory"}


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"statutory_notice": statutory_notice}
