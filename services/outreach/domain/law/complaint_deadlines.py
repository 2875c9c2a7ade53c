"""By when a complaint must be answered, by jurisdiction and by how hard it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.outreach.domain.law.dates import (
    Answer,
    Given,
    MissingFact,
    days_after,
    next_business_day,
    read_choice,
    read_day,
    read_day_if_any,
    text,
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Calendar days from the day of receipt, and what it takes to have so many."""

    days: int
    needs: str | None
    clause: str
    confidence: str


_CN = "银行业保险业消费投诉处理管理办法 (2020)"
DEADLINES: dict[tuple[str, str], Deadline] = {
    ("CN", "simple"): Deadline(15, None, _CN, "official_secondary"),
    ("CN", "complex"): Deadline(30, "approval_of_the_complaint_unit", _CN, "official_secondary"),
    ("CN", "specially_complex"): Deadline(60, "approval_of_the_institution", _CN, "official_secondary"),
    ("GB", "simple"): Deadline(56, None, "DISP 1.6.2R", "memory"),
    ("GB", "complex"): Deadline(56, None, "DISP 1.6.2R", "memory"),
}
"""Eight weeks in the United Kingdom are from memory: the desk shows them, nothing denies because of them."""


def complaint_due(given: Given) -> Answer:
    """`jurisdiction`, `received_on`, `complexity` (simple, complex, specially_complex)."""
    received_on = read_day(given, "received_on")
    complexity = read_choice(given, "complexity", frozenset({"simple", "complex", "specially_complex"}))
    deadline = DEADLINES.get((str(given.get("jurisdiction")), complexity))
    if deadline is None:
        raise MissingFact("jurisdiction")
    return {
        "due_on": text(days_after(received_on, deadline.days)),
        "days": deadline.days,
        "needs": deadline.needs,
        "clause": deadline.clause,
        "confidence": deadline.confidence,
    }


SUMMARY_BUSINESS_DAYS = 3


def summary_resolution(given: Given) -> Answer:
    """Until when a complaint in the United Kingdom may be closed by a summary letter (DISP 1.5; from memory).

    `received_on`, `resolved_on` (optional), `holidays`.
    """
    holidays = frozenset(read_day({"holiday": day}, "holiday") for day in given.get("holidays", ()))
    last_on = read_day(given, "received_on")
    for _ in range(SUMMARY_BUSINESS_DAYS):
        last_on = next_business_day(last_on, holidays)
    resolved_on = read_day_if_any(given, "resolved_on")
    return {
        "last_on": text(last_on),
        "is_summary": resolved_on is not None and resolved_on <= last_on,
        "confidence": "memory",
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "complaint_due": complaint_due,
    "summary_resolution": summary_resolution,
}
