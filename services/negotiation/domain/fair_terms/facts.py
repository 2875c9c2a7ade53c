"""What fairness is judged by: the terms as somebody would be bound by them, and the facts beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.interest_caps import Cap, NoCap, Unknown
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import EffectiveMandate
from services.negotiation.domain.mandates.limits import RELIEF_KINDS
from services.negotiation.domain.mandates.version import NO_CHARGES, Charges
from services.negotiation.domain.terms import Terms

Acceptance = Literal["explicit", "silence", "payment"]

PAYMENTS_A_YEAR = {"weekly": 52, "fortnightly": 26}
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class AddedFee:
    """A fee that the terms add to what is owed."""

    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class ProposedTerms:
    """Terms with everything that binds. `payments` are (due on, amount). `discount_lost_after_days`: days late (beyond
    the due date) after which the whole discount is lost; None: never for lateness alone. `expires_on`: the last day."""

    payments: tuple[tuple[date, int], ...]
    total: int
    discount: int = 0
    payments_a_year: int = MONTHS_A_YEAR
    is_relief: bool = False
    fees: tuple[AddedFee, ...] = ()
    interest: int = 0
    default_rate_basis_points: int = 0
    early_fee: int = 0
    expires_on: date | None = None
    is_called_last: bool = False
    stays_obtainable: bool = True
    acceptance: Acceptance = "explicit"
    discount_lost_after_days: int | None = None
    accelerates_after_missed: int | None = None
    needs_new_credit: bool = False
    clauses: tuple[str, ...] | None = None

    @property
    def monthly(self) -> tuple[int, ...]:
        """What each payment comes to in a month, rounded up."""
        return tuple(-(-amount * self.payments_a_year // MONTHS_A_YEAR) for _, amount in self.payments)


NO_CAP_KNOWN = Unknown("no_rule")


@dataclass(frozen=True, slots=True)
class FairFacts:
    """`affordable_monthly` None: not known. `is_time_barred` None: not known. `is_above_affordable_approved`: somebody
    by name answers for payments above what is affordable."""

    today: date
    owed: Buckets
    charges: Charges = NO_CHARGES
    cap: Cap | NoCap | Unknown = NO_CAP_KNOWN
    grace_days: int = 0
    affordable_monthly: int | None = None
    is_above_affordable_approved: bool = False
    is_time_barred: bool | None = None


def proposed(
    terms: Terms, owed: int, *, expires_on: date | None = None, clauses: tuple[str, ...] | None = None
) -> ProposedTerms:
    """Our own terms: accepted by saying so, early payment free, no fee. What is above the balance is interest."""
    return ProposedTerms(
        payments=tuple((i.due_on, i.amount) for i in terms.instalments),
        total=terms.total,
        discount=terms.discount,
        payments_a_year=PAYMENTS_A_YEAR.get(terms.frequency or "monthly", MONTHS_A_YEAR),
        is_relief=terms.kind == "hardship_pause" or terms.form in RELIEF_KINDS,
        interest=max(0, terms.total + terms.discount - owed),
        expires_on=expires_on,
        clauses=clauses,
    )


def fair_facts(
    case: CaseFile,
    mandate: EffectiveMandate,
    limit: Cap | NoCap | Unknown,
    today: date,
    *,
    is_approved: bool = False,
    is_time_barred: bool | None = None,
) -> FairFacts:
    """The facts of a case."""
    return FairFacts(
        today=today,
        owed=case.books.owed,
        charges=mandate.charges,
        cap=limit,
        grace_days=mandate.grace_days,
        affordable_monthly=case.affordable_monthly(today),
        is_above_affordable_approved=is_approved,
        is_time_barred=is_time_barred,
    )
