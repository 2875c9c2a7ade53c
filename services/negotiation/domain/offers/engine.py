"""Offers for a case: its facts, then what is lawful, then what is shown. The same facts give the same offers."""

from __future__ import annotations

from datetime import date

from services.negotiation.domain.case_file import CaseFile, Mandate
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import EffectiveMandate
from services.negotiation.domain.offers import forms
from services.negotiation.domain.offers.choose import choose
from services.negotiation.domain.offers.facts import Facts, facts_of
from services.negotiation.domain.offers.forms import Draft
from services.negotiation.domain.offers.limits import Bounds, bounds_of, largest_payment, per_payment
from services.negotiation.domain.terms import Outline


def offers_from(facts: Facts) -> tuple[Draft, ...]:
    """The offers that are shown, best first. A function of the facts alone."""
    return choose(facts, forms.lawful(facts))


def first_offers(case: CaseFile, today: date, mandate: EffectiveMandate | None = None) -> tuple[Draft, ...]:
    """All offers that are shown for a case today. Without a mandate, the one that came with the case counts."""
    return offers_from(facts_of(case, today, mandate))


def bounds(case: CaseFile, today: date, mandate: EffectiveMandate | None = None) -> Bounds:
    """How many monthly payments there may be, and how large."""
    return bounds_of(facts_of(case, today, mandate))


def lump_sum(case: CaseFile, due_on: date, today: date | None = None) -> Draft:
    """Everything at once, with the discount that stage and grade call for."""
    return forms.at_once(facts_of(case, today or due_on), due_on)


def instalments(case: CaseFile, due_on: date, today: date | None = None) -> Draft | None:
    """The fewest monthly payments that are affordable, if the mandate has room for them."""
    return forms.level(facts_of(case, today or due_on), due_on=due_on)


def pause(case: CaseFile, today: date, cause: str, months: int | None = None) -> Draft | None:
    """Nothing for some months, then the gentlest instalments; for a cause of hardship."""
    return forms.pause_for(facts_of(case, today), cause, months)


def largest_discount(owed: Buckets, mandate: Mandate) -> int:
    """The most that may be waived: of principal and interest, rounded down so that it is never above the mandate."""
    return (owed.principal + owed.interest) * mandate.discount_max_basis_points // 10_000


def is_affordable(outline: Outline, case: CaseFile, today: date) -> bool:
    """Whether nothing in an outline is above what we know to be affordable.

    One payment of everything may come from elsewhere than the month's income, and what can be paid after a pause is
    not known yet: neither is bounded. Nor is anything where nobody looked at the means.
    """
    if outline.kind != "instalments" or outline.count == 1:
        return True
    facts = facts_of(case, today)
    return not facts.is_known or largest_payment(outline) <= per_payment(facts.ceiling, outline.frequency)
