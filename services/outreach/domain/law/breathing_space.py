"""The Debt Respite Scheme of England and Wales (SI 2020/1311): its days, who must be told, what it stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.outreach.domain.law.dates import (
    Answer,
    Given,
    MissingFact,
    days_after,
    months_after,
    next_business_day,
    read_choice,
    read_day,
    read_day_if_any,
    text,
)

DAYS_MAX = 60
REVIEW_DAYS = (25, 35)
DAYS_AFTER_TREATMENT = 30
MONTHS_BETWEEN = 12
_KINDS = frozenset({"standard", "mental_health_crisis"})


def breathing_space(given: Given) -> Answer:
    """The moratorium of one entry on the register: begins the day after, lasts at most 60 days, is reviewed midway.

    `entered_on`, `kind`; for a mental health crisis `treatment_ended_on` (None while it lasts: no end is known).
    """
    begins_on = days_after(read_day(given, "entered_on"), 1)
    if read_choice(given, "kind", _KINDS) == "standard":
        ends_on: date | None = days_after(begins_on, DAYS_MAX - 1)
        review = [text(days_after(begins_on, day - 1)) for day in REVIEW_DAYS]
    else:
        treated_until = read_day_if_any(given, "treatment_ended_on")
        ends_on, review = (days_after(treated_until, DAYS_AFTER_TREATMENT) if treated_until else None), []
    return {"begins_on": text(begins_on), "ends_on": text(ends_on), "review_between": review}


def register_entry_due(given: Given) -> Answer:
    """By when the entry must be on the register: the end of the business day after the adviser's submission."""
    holidays = frozenset(read_day({"holiday": day}, "holiday") for day in given.get("holidays", ()))
    return {"due_on": text(next_business_day(read_day(given, "submitted_on"), holidays))}


def breathing_space_eligible(given: Given) -> Answer:
    """Whether a new standard moratorium is open: not within twelve months of the last (reg. 24(3)).

    `applied_on`, `last_began_on` (None: never had one), `kind`.
    """
    applied_on = read_day(given, "applied_on")
    last = read_day_if_any(given, "last_began_on")
    if last is None or read_choice(given, "kind", _KINDS) != "standard":
        return {"is_eligible": True, "eligible_from": None, "min_months": MONTHS_BETWEEN}
    eligible_from = months_after(last, MONTHS_BETWEEN)
    return {
        "is_eligible": applied_on >= eligible_from,
        "eligible_from": text(eligible_from),
        "min_months": MONTHS_BETWEEN,
    }


def moratorium_duties(given: Given) -> Answer:
    """What a creditor must do and must not charge. `has_agent`, `debtor` (named_debtor or joint_debtor)."""
    if not isinstance(given.get("has_agent"), bool):
        raise MissingFact("has_agent")
    debtor = read_choice(given, "debtor", frozenset({"named_debtor", "joint_debtor"}))
    return {
        "must_notify_agent": given["has_agent"],
        "may_charge_interest_or_fees": debtor == "joint_debtor",
        "clause": "SI 2020/1311 regs 7, 12(1)",
    }


SCOTTISH_MONTHS = 6


def scottish_moratorium(given: Given) -> Answer:
    """Scotland's statutory moratorium (Bankruptcy (Scotland) Act 2016, ss. 197-198): diligence rests, contact does not.

    `granted_on`.
    """
    ends_on = months_after(read_day(given, "granted_on"), SCOTTISH_MONTHS)
    return {"ends_on": text(ends_on), "stops_contact": False, "stops_interest": False, "confidence": "secondary"}


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "breathing_space": breathing_space,
    "register_entry_due": register_entry_due,
    "breathing_space_eligible": breathing_space_eligible,
    "moratorium_duties": moratorium_duties,
    "scottish_moratorium": scottish_moratorium,
}
