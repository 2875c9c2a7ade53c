"""The figures behind an offer's worth to the lender: versioned, with a card that says where they come from.

They order offers and drop those that are worse for both sides. They never make an offer lawful, larger or smaller: that
is the mandate's and the means' to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.negotiation.domain.terms import Form, Frequency


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader must know before trusting the figures."""

    version: str
    origin: str
    confidence: str
    replace_when: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Shares in parts per million. `starts`: the first payment comes. `breaks`: a month in which the plan breaks.

    `form_breaks` and `rhythm_breaks` change that in percent; `load_*` too, from an empty to a full ceiling.
    """

    card: Card
    starts: Mapping[Form, int]
    breaks: Mapping[str, int]
    form_breaks: Mapping[Form, int]
    rhythm_breaks: Mapping[Frequency, int]
    load_empty: int
    load_full: int
    month_discount: int
    payment_cost: int
    recovered_after_break: Mapping[str, int]


PARAMETERS = Parameters(
    card=Card(
        version="worth@1",
        origin="judgement of the makers of this software, by form and risk grade; not measured on any portfolio",
        confidence="low: the order of forms is what is meant, not the amounts",
        replace_when="an installation has kept and broken plans of its own: count them by form and grade",
    ),
    starts={
        "lump_sum": 800_000,
        "level": 930_000,
        "step": 960_000,
        "deferral": 900_000,
        "interest_freeze": 950_000,
        "reduced": 970_000,
        "restructured": 950_000,
        "pause": 850_000,
    },
    breaks={"A": 10_000, "B": 18_000, "C": 30_000, "D": 50_000, "E": 80_000},
    form_breaks={
        "lump_sum": 100,
        "level": 100,
        "step": 85,
        "deferral": 100,
        "interest_freeze": 80,
        "reduced": 75,
        "restructured": 80,
        "pause": 110,
    },
    rhythm_breaks={"once": 100, "monthly": 100, "fortnightly": 92, "weekly": 90, "pay_day": 90},
    load_empty=50,
    load_full=125,
    month_discount=6_434,
    payment_cost=10_000,
    recovered_after_break={"early": 350_000, "mid": 250_000, "late": 120_000},
)
"""`month_discount`: 8 % a year. `payment_cost`: one percent of each payment, for taking and posting it."""
