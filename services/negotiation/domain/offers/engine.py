"""Which offers a case gets: inside the mandate, affordable, the same for the same facts.

Every offer carries the codes of the reasons why it is made as it is (texts: entrypoints/wording.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import HARDSHIP_CAUSES, Assessment, CaseFile, Mandate
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.terms import INSTALMENTS_MAX, Outline

OFFER_VALID_DAYS = 10
FIRST_DUE_DAYS = 14
"""After the offer ends, so that an offer accepted on its last day leaves days to pay."""
FIRST_DUE_DAYS_MAX = 45

DISCOUNT_SHARE: dict[str, dict[str, int]] = {
    "early": {"A": 0, "B": 0, "C": 1_000, "D": 2_000, "E": 3_000},
    "mid": {"A": 2_000, "B": 3_000, "C": 4_000, "D": 5_000, "E": 6_000},
    "late": {"A": 5_000, "B": 6_000, "C": 7_000, "D": 8_500, "E": 10_000},
}
"""Share of the creditor's largest discount that is offered unasked, in basis points, by stage and risk grade."""

PAUSE_MONTHS: dict[str, int] = {"job_loss": 3, "illness": 2, "bereavement": 2}
"""How long a pause is offered unasked, within the mandate."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An offer that could be made, and why it is as it is."""

    outline: Outline
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What instalments of one balance may look like: how many, and whether even the lowest is affordable.

    `ceiling` is the largest monthly amount the borrower can pay; `is_known` tells whether it was assessed or is the
    contract's own regular instalment for want of better.
    """

    total: int
    count_max: int
    ceiling: int
    is_known: bool

    @property
    def count_for_ceiling(self) -> int:
        """The fewest payments that stay at or below the ceiling."""
        return max(1, -(-self.total // self.ceiling)) if self.ceiling > 0 else INSTALMENTS_MAX + 1

    @property
    def has_room(self) -> bool:
        return self.count_for_ceiling <= self.count_max

    @property
    def lowest_monthly(self) -> int:
        """The largest of the payments when as many are made as the mandate allows."""
        return -(-self.total // self.count_max)


def bounds(case: CaseFile) -> Bounds:
    """The mandate's term and smallest instalment as a count, and the affordable amount as a ceiling.

    A balance below the smallest instalment is one payment.
    """
    mandate, total = case.mandate, case.books.balance
    by_minimum = total // mandate.instalment_min if mandate.instalment_min > 0 else INSTALMENTS_MAX
    count_max = max(1, min(mandate.term_months_max, by_minimum, INSTALMENTS_MAX))
    affordable = (case.assessment or Assessment()).affordable_monthly
    is_known = affordable is not None
    return Bounds(total, count_max, case.regular_instalment if affordable is None else affordable, is_known)


def largest_discount(owed: Buckets, mandate: Mandate) -> int:
    """The most that may be waived: of principal and interest, rounded down so that it is never above the mandate."""
    return (owed.principal + owed.interest) * mandate.discount_max_basis_points // 10_000


def first_offers(case: CaseFile, today: date) -> tuple[Draft, ...]:
    """All offers that fit a case, best first: relief where there is hardship, then instalments, then a lump sum."""
    assessment = case.assessment or Assessment()
    due_on = today + timedelta(days=FIRST_DUE_DAYS)
    offers = [pause(case, today, assessment.arrears_cause), instalments(case, due_on), lump_sum(case, due_on)]
    return tuple(offer for offer in offers if offer is not None)


def lump_sum(case: CaseFile, due_on: date) -> Draft:
    """Everything at once, with the discount that stage and grade call for."""
    assessment = case.assessment
    share = DISCOUNT_SHARE[assessment.stage][assessment.risk_grade] if assessment is not None else 0
    discount = largest_discount(case.books.owed, case.mandate) * share // 10_000
    total = case.books.balance - discount
    if total <= 0:
        discount, total = case.books.balance - 1, 1
    reason = "discount_by_stage_and_grade" if discount else "no_discount_at_this_stage"
    return Draft(Outline("lump_sum", total, discount, 1, due_on), ("settles_in_full", reason))


def instalments(case: CaseFile, due_on: date) -> Draft | None:
    """The fewest monthly payments that are affordable, if the mandate has room for them."""
    limits = bounds(case)
    if not limits.has_room:
        return None
    outline = Outline("instalments", limits.total, 0, limits.count_for_ceiling, due_on)
    return Draft(outline, ("within_term", _affordability(limits)))


def pause(case: CaseFile, today: date, cause: str, months: int | None = None) -> Draft | None:
    """Nothing for some months, then the gentlest instalments the mandate knows.

    Only for a cause of hardship. What can be paid after the pause is not known yet, so affordability does not bound
    the instalments; a new assessment may change them before they begin.
    """
    most = case.mandate.pause_months_max
    if cause not in HARDSHIP_CAUSES or most == 0:
        return None
    until = add_months(today, min(PAUSE_MONTHS[cause] if months is None else months, most))
    outline = Outline("hardship_pause", case.books.balance, 0, bounds(case).count_max, until, pause_until=until)
    return Draft(outline, (f"hardship_{cause}", "instalments_after_pause"))


def because(draft: Draft, *codes: str) -> Draft:
    """The same offer with the occasion for it put first among the reasons."""
    return replace(draft, reasons=(*codes, *draft.reasons))


def _affordability(limits: Bounds) -> str:
    return "fits_affordable_amount" if limits.is_known else "affordability_unknown"
