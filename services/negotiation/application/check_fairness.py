"""Fairness before an offer is put and before a plan is agreed: whatever drew the terms up."""

from __future__ import annotations

from datetime import date

from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.fair_terms import (
    Fault,
    UnfairTerms,
    UnfairToAgree,
    fair_facts,
    faults,
    forbidden,
    proposed,
)
from services.negotiation.domain.interest_caps import Unknown
from services.negotiation.domain.mandates import mandate_of_case
from services.negotiation.domain.terms import Terms

APPROVED_BY_NAME = "approved_by_name"
"""The reason of an offer above what is affordable, for which somebody answers by name."""


def assert_fair(case: CaseFile, terms: Terms, today: date, expires_on: date, reasons: tuple[str, ...]) -> None:
    """Raises UnfairTerms: we drew up what we may not offer."""
    found = _faults(case, terms, today, expires_on, is_above_affordable_approved=APPROVED_BY_NAME in reasons)
    if found:
        raise UnfairTerms(found)


def refuse_unfair(
    case: CaseFile,
    terms: Terms,
    today: date,
    *,
    was_offered: bool,
    clauses: tuple[str, ...] | None = None,
    is_time_barred: bool | None = None,
) -> None:
    """Raises UnfairToAgree. What was offered was affordable when it was put, and stands until it ends.

    `clauses`: of the text that was shown, where there is one.
    """
    found = _faults(
        case,
        terms,
        today,
        None,
        is_above_affordable_approved=was_offered,
        clauses=clauses,
        is_time_barred=is_time_barred,
    )
    if found:
        raise UnfairToAgree(found)


def _faults(
    case: CaseFile,
    terms: Terms,
    today: date,
    expires_on: date | None,
    *,
    is_above_affordable_approved: bool,
    clauses: tuple[str, ...] | None = None,
    is_time_barred: bool | None = None,
) -> tuple[Fault, ...]:
    """Nothing that we agree adds to what is owed, so neither the charges of a mandate nor a cap come into it: any
    addition at all is a fault."""
    facts = fair_facts(
        case,
        mandate_of_case(case.mandate),
        Unknown("no_rule"),
        today,
        is_approved=is_above_affordable_approved,
        is_time_barred=is_time_barred,
    )
    return forbidden(faults(proposed(terms, case.books.balance, expires_on=expires_on, clauses=clauses), facts))
