"""Guide figures: spending above them needs a reason, and what is left beside a minimum of living. Data, with sources.

A guide is a trigger for a question, not a cap: what is spent counts, with or without an answer. The figures of the
Standard Financial Statement are licensed to debt advisers, so the shipped scale is our own and says so; an installation
that holds a licence puts its own file in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.negotiation.domain.affordability.forms import SECTION_OF, SECTIONS, FormName
from services.negotiation.domain.affordability.statement import Household
from shared.kernel.money import EXPONENTS, MINOR_UNITS_MAX

Confidence = Literal["official", "published_unchecked", "invented"]
CONFIDENCES = frozenset({"official", "published_unchecked", "invented"})


@dataclass(frozen=True, slots=True)
class Figure:
    """What a category may cost a month without a question, in minor units, by who lives there."""

    first_adult: int
    further_adult: int
    child: int
    teenager: int

    def of(self, household: Household) -> int:
        further = (household.adults - 1) * self.further_adult
        return self.first_adult + further + household.children * self.child + household.teenagers * self.teenager


@dataclass(frozen=True, slots=True)
class Guide:
    """The figures of one form and currency. `minimum_living` a person and month is never taken, whatever was stated."""

    form: FormName
    currency: str
    version: str
    source: str
    confidence: Confidence
    figures: Mapping[str, Figure]
    minimum_living: int
    reserve_basis_points: int
    savings_max_basis_points: int
    valid_months: int

    def __post_init__(self) -> None:
        may_be_guided = {category for section in ("fixed", "flexible") for category in SECTIONS[self.form][section]}
        if self.currency not in EXPONENTS or not set(self.figures) <= may_be_guided:
            raise ValueError("a guide is of a known currency and guides categories of spending")
        amounts = [a for f in self.figures.values() for a in (f.first_adult, f.further_adult, f.child, f.teenager)]
        if not all(0 <= amount <= MINOR_UNITS_MAX for amount in (*amounts, self.minimum_living)):
            raise ValueError("figures of a guide are amounts")
        if not 0 <= self.reserve_basis_points <= self.savings_max_basis_points < 10_000:
            raise ValueError("a reserve is a share below the whole, and savings may be as much as the reserve")
        if not 1 <= self.valid_months <= 24:
            raise ValueError("a statement is good for 1 to 24 months")


UNGUIDED_RESERVE = 1_000
UNGUIDED_SAVINGS_MAX = 2_000
UNGUIDED_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Guides:
    """All guides of an installation."""

    by_form: Mapping[tuple[FormName, str], Guide] = field(default_factory=dict)

    def for_statement(self, form: FormName, currency: str) -> Guide:
        """The guide, or one without figures: then nothing is questioned, and the reserve is kept all the same."""
        known = self.by_form.get((form, currency))
        return known or Guide(
            form=form,
            currency=currency,
            version="none",
            source="no figures for this form and currency",
            confidence="invented",
            figures={},
            minimum_living=0,
            reserve_basis_points=UNGUIDED_RESERVE,
            savings_max_basis_points=UNGUIDED_SAVINGS_MAX,
            valid_months=UNGUIDED_MONTHS,
        )


def parse_guides(document: Mapping[str, Any]) -> Guides:
    """Guides from a document `{"version", "guides": [...]}`. Raises ValueError, KeyError or TypeError if it is none."""
    guides = [_guide(str(document["version"]), each) for each in document["guides"]]
    by_form = {(guide.form, guide.currency): guide for guide in guides}
    if len(by_form) != len(guides):
        raise ValueError("one guide for a form and currency")
    return Guides(by_form)


def _guide(version: str, stated: Mapping[str, Any]) -> Guide:
    if stated["form"] not in SECTION_OF or stated["confidence"] not in CONFIDENCES:
        raise ValueError("a guide is for a known form and says how sure its figures are")
    return Guide(
        form=stated["form"],
        currency=stated["currency"],
        version=version,
        source=stated["source"],
        confidence=stated["confidence"],
        figures={category: Figure(**figure) for category, figure in stated["figures"].items()},
        minimum_living=stated["minimum_living"],
        reserve_basis_points=stated["reserve_basis_points"],
        savings_max_basis_points=stated["savings_max_basis_points"],
        valid_months=stated["valid_months"],
    )
