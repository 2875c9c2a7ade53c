"""Offers from facts: what is lawful, then what is shown. The same facts give the same offers."""

from __future__ import annotations

from datetime import date

from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.offers.choose import choose
from services.negotiation.domain.offers.facts import Facts, facts_of
from services.negotiation.domain.offers.forms import Draft, lawful
from services.negotiation.domain.offers.limits import largest_payment, per_payment
from services.negotiation.domain.terms import Outline


def offers_from(facts: Facts) -> tuple[Draft, ...]:
    """The offers that are shown, best first. A function of the facts alone."""
    return choose(facts, lawful(facts))


def is_affordable(outline: Outline, case: CaseFile, today: date) -> bool:
    """Whether nothing in an outline is above what we know to be affordable.

    One payment of everything may come from elsewhere than the month's income, and what can be paid after a pause is
    not known yet: neither is bounded. Nor is anything where nobody looked at the means.
    """
    if outline.kind != "instalments" or outline.count == 1:
        return True
    facts = facts_of(case, today)
    return not facts.is_known or largest_payment(outline) <= per_payment(facts.ceiling, outline.frequency)
