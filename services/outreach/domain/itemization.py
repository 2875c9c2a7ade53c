"""How the amount of a debt came about since a day that the creditor names (12 CFR 1006.34(b)(3), (c)(2))."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from services.outreach.domain.law.us_validation import assumed_received_on, period_ends_on

MAILING_DAYS = 1
"""The print house has a day before the notice counts as provided: the period we name never ends too early."""
_ENDING = re.compile(r"^[0-9A-Za-z]{2,6}$")


class Parts(Protocol):
    """What is owed, part by part, in minor units."""

    @property
    def fees_minor_units(self) -> int: ...

    @property
    def interest_minor_units(self) -> int: ...

    @property
    def principal_minor_units(self) -> int: ...

    @property
    def total_minor_units(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Itemization:
    """Amounts in minor units of the case's currency, none of them left out: nothing is said as 0."""

    itemized_on: date
    total_minor_units: int
    interest_minor_units: int
    fees_minor_units: int
    payments_minor_units: int
    credits_minor_units: int
    first_creditor: str
    """Empty: the creditor of now, whose name the vault tells when the notice is worded."""
    account_ending: str

    @property
    def owed_minor_units(self) -> int:
        """What must be owed now."""
        added = self.interest_minor_units + self.fees_minor_units
        return self.total_minor_units + added - self.payments_minor_units - self.credits_minor_units

    def errors(self, owed_minor_units: int, today: date) -> Sequence[str]:
        """Codes of what cannot be right; empty where it adds up to what is owed."""
        amounts = (
            self.total_minor_units,
            self.interest_minor_units,
            self.fees_minor_units,
            self.payments_minor_units,
            self.credits_minor_units,
        )
        wrong = []
        if any(amount < 0 for amount in amounts):
            wrong.append("itemization_negative")
        if self.owed_minor_units != owed_minor_units:
            wrong.append("itemization_does_not_add_up")
        if self.itemized_on > today:
            wrong.append("itemization_in_future")
        if _ENDING.fullmatch(self.account_ending) is None:
            wrong.append("account_not_truncated")
        return wrong


def since_placement(
    placed: Parts, now: Parts, paid_minor_units: int, itemized_on: date, account_ending: str
) -> Itemization | None:
    """What came about since the lender's statement at placement, by what was owed then and is now, and what was paid.

    None where the principal has risen: that is no interest and no fee, and only the creditor can say what it is.
    """
    if now.principal_minor_units > placed.principal_minor_units:
        return None
    added = now.total_minor_units - placed.total_minor_units + paid_minor_units
    fees = min(max(added, 0), max(now.fees_minor_units - placed.fees_minor_units, 0))
    return Itemization(
        itemized_on=itemized_on,
        total_minor_units=placed.total_minor_units,
        interest_minor_units=max(added, 0) - fees,
        fees_minor_units=fees,
        payments_minor_units=paid_minor_units,
        credits_minor_units=max(-added, 0),
        first_creditor="",
        account_ending=account_ending,
    )


def received_by(issued_on: date) -> date:
    """When a notice of that day is assumed to have come."""
    return assumed_received_on(issued_on + timedelta(days=MAILING_DAYS))


def answer_by(provided_on: date) -> date:
    """The end of the validation period as the notice names it."""
    return period_ends_on(received_by(provided_on))
