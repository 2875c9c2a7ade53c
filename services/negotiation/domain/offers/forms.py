"""Each form of offer from the facts: a draft, or None where the mandate, the cause or the means have no room for it.

None of them adds interest or a fee: what is paid is what is owed, less a discount. What more room gives (a longer term,
a larger discount, more that is affordable) never takes a form away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import HARDSHIP_CAUSES
from services.negotiation.domain.offers.facts import Facts
from services.negotiation.domain.offers.limits import Bounds, bounds_of
from services.negotiation.domain.terms import Frequency, Outline

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
PARTS_SHARE: dict[int, int] = {2: 8_000, 3: 6_000}
"""Share of the discount for one payment that is left when it is made in parts, in basis points."""

PAUSE_MONTHS: dict[str, int] = {"job_loss": 3, "illness": 2, "bereavement": 2}
"""How long a pause is offered unasked, within the mandate."""
DEFERRAL_MONTHS = 1
RELIEF_CAUSES = HARDSHIP_CAUSES | {"over_borrowing"}
LOW_STEP_MONTHS = 3
REDUCED_MONTHS = 6
STEP_CEILING_MIN = 1_000
"""Below this a month, in minor units, steps would be pennies."""


APPROVED = frozenset({"approved_by_lender", "approved_by_name"})
"""Reasons of an offer that a named person allowed although it is above what is affordable or usual."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What an offer is to both. `expected`: to the lender, today, in minor units. The rest is the borrower's: what is
    paid in all, what is asked in the first quarter of a year, and the most that is asked in a month."""

    expected: int
    cost: int
    first_quarter: int
    largest_monthly: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An offer that could be made, and why it is as it is."""

    outline: Outline
    reasons: tuple[str, ...]
    worth: Worth | None = None


def because(draft: Draft, *codes: str) -> Draft:
    """The same offer with the occasion for it put first among the reasons."""
    return replace(draft, reasons=(*codes, *draft.reasons))


def affordability(facts: Facts | Bounds) -> str:
    return "fits_affordable_amount" if facts.is_known else "affordability_unknown"


def first_due(facts: Facts) -> date:
    return facts.today + timedelta(days=FIRST_DUE_DAYS)


def unasked_discount(facts: Facts) -> int:
    """The share of the largest discount that stage and grade call for; none before an assessment."""
    if facts.risk_grade is None or "lump_sum" not in facts.discounted_forms:
        return 0
    return facts.discount_max * DISCOUNT_SHARE[facts.stage][facts.risk_grade] // 10_000


def at_once(facts: Facts, due_on: date | None = None) -> Draft:
    """Everything at once, with the discount that stage and grade call for."""
    discount = min(unasked_discount(facts), facts.total - 1)
    reason = "discount_by_stage_and_grade" if discount else "no_discount_at_this_stage"
    outline = Outline("lump_sum", facts.total - discount, discount, 1, due_on or first_due(facts))
    return Draft(outline, ("settles_in_full", reason))


def in_parts(facts: Facts) -> Draft | None:
    """A settlement with a smaller discount in two payments, or in three where two are not affordable."""
    whole = unasked_discount(facts)
    for parts, share in PARTS_SHARE.items():
        # No part falls below the smallest instalment, however large the discount.
        discount = min(whole * share // 10_000, facts.total - parts * max(1, facts.instalment_min))
        total = facts.total - discount
        if discount > 0 and -(-total // parts) <= facts.ceiling and parts <= facts.term_months_max:
            due_on = first_due(facts)
            outline = Outline("instalments", total, discount, parts, due_on, form="lump_sum", frequency="monthly")
            return Draft(outline, ("settles_in_parts", "discount_by_stage_and_grade", affordability(facts)))
    return None


def level(facts: Facts, frequency: Frequency = "monthly", due_on: date | None = None) -> Draft | None:
    """The fewest payments of a frequency that are affordable, if the mandate has room for them."""
    if frequency not in facts.frequencies:
        return None
    pay_day = facts.pay_day if frequency == "pay_day" else None
    if frequency == "pay_day" and pay_day is None:
        return None
    first = due_on or (next_pay_day(first_due(facts), pay_day) if pay_day else first_due(facts))
    limits = bounds_of(facts, frequency, first)
    if not limits.has_room:
        return None
    outline = Outline("instalments", facts.total, 0, limits.count_for_ceiling, first, None, None, frequency, pay_day)
    rhythm = () if frequency == "monthly" else (f"paid_{frequency}",)
    return Draft(outline, ("within_term", affordability(facts), *rhythm))


def next_pay_day(day: date, pay_day: int) -> date:
    """The first pay day on or after a day; the last of the month where it is shorter."""
    this_month = _in_month(day, pay_day)
    return this_month if this_month >= day else _in_month(add_months(day.replace(day=1), 1), pay_day)


def _in_month(day: date, pay_day: int) -> date:
    last = add_months(day.replace(day=1), 1) - timedelta(days=1)
    return day.replace(day=min(pay_day, last.day))


def step(facts: Facts) -> Draft | None:
    """Half for some months, then what is affordable: for a gap in the cash, not for a life that has changed."""
    if facts.arrears_cause != "cash_flow_gap":
        return None
    outline = _low_then_level(facts, LOW_STEP_MONTHS, share=2)
    return Draft(replace(outline, form="step"), ("low_first", affordability(facts))) if outline else None


def reduced(facts: Facts) -> Draft | None:
    """A token amount for some months of hardship, then what is affordable."""
    if facts.arrears_cause not in RELIEF_CAUSES:
        return None
    longest = min(REDUCED_MONTHS, _months_of_relief(facts, "reduced"))
    tried = (_low_then_level(facts, months, share=4) for months in range(longest, 0, -1))
    outline = next((outline for outline in tried if outline is not None), None)
    return Draft(replace(outline, form="reduced"), ("token_amount_first", affordability(facts))) if outline else None


def _low_then_level(facts: Facts, months: int, *, share: int) -> Outline | None:
    """`months` payments of a share of the ceiling, then as few as possible; the very first carries the remainder.

    The low part pays at most half of the debt, so that the later part is never the smaller one.
    """
    low = min(facts.ceiling // share, facts.total // (2 * months))
    if facts.ceiling < STEP_CEILING_MIN or low < max(1, facts.instalment_min):
        return None
    rest = facts.total - months * low
    count = -(-rest // facts.ceiling)
    amount, remainder = divmod(rest, count)
    if months + count > facts.term_months_max:
        return None
    first = ((1, low + remainder),) if remainder else ()
    lows = months - len(first)
    steps = (*first, *(((lows, low),) if lows else ()), (count, amount))
    return Outline(
        "instalments", facts.total, 0, months + count, first_due(facts), None, "step", "monthly", None, steps
    )


def _months_of_relief(facts: Facts, kind: str) -> int:
    """Whole months of payments that end before a relief of its longest length would, from the first payment."""
    most = facts.relief_months(kind)
    first = first_due(facts)
    last = add_months(facts.today, most) + timedelta(days=FIRST_DUE_DAYS)
    return most if add_months(first, most) <= last else most - 1


def deferral(facts: Facts) -> Draft | None:
    """Nothing for a month, then the fewest affordable payments: for a gap in the cash."""
    months = min(DEFERRAL_MONTHS, facts.relief_months("deferral"))
    limits = bounds_of(facts)
    if facts.arrears_cause != "cash_flow_gap" or not months or not limits.has_room:
        return None
    until = add_months(facts.today, months)
    outline = Outline("instalments", facts.total, 0, limits.count_for_ceiling, until, until, "deferral")
    return Draft(outline, ("starts_later", affordability(facts)))


def interest_freeze(facts: Facts) -> Draft | None:
    """Smaller payments than are affordable, over a longer time that the contract's interest does not make dearer."""
    if facts.arrears_cause not in RELIEF_CAUSES or not facts.annual_rate_basis_points:
        return None
    limits = bounds_of(facts)
    longest = min(limits.count_max, _months_of_relief(facts, "interest_freeze"))
    if limits.count_for_ceiling > longest:
        return None
    gentle = -(-facts.total // max(1, facts.ceiling * 3 // 4))
    count = max(limits.count_for_ceiling, min(gentle, longest))
    outline = Outline("instalments", facts.total, 0, count, first_due(facts), None, "interest_freeze")
    return Draft(outline, ("interest_frozen", affordability(facts)))


def restructured(facts: Facts) -> Draft | None:
    """The whole debt on a new and longer term, where that makes the month lighter than the contract does."""
    if facts.restructuring_months is None or facts.annual_rate_basis_points is None:
        return None
    count = min(facts.restructuring_months, facts.total)
    monthly = -(-facts.total // count)
    if monthly > facts.ceiling or monthly >= facts.regular_instalment:
        return None
    outline = Outline("instalments", facts.total, 0, count, first_due(facts), None, "restructured")
    return Draft(outline, ("longer_term_lower_payments", affordability(facts)))


def pause_for(facts: Facts, cause: str, months: int | None = None) -> Draft | None:
    """Nothing for some months, then the gentlest instalments the mandate knows.

    Only for a cause of hardship. What can be paid after the pause is not known yet, so affordability does not bound
    the instalments; a new assessment may change them before they begin.
    """
    most = facts.relief_months("pause")
    if cause not in HARDSHIP_CAUSES or most == 0:
        return None
    until = add_months(facts.today, min(PAUSE_MONTHS[cause] if months is None else months, most))
    count = bounds_of(facts).count_max if "monthly" in facts.frequencies else 1
    outline = Outline("hardship_pause", facts.total, 0, count, until, pause_until=until)
    return Draft(outline, (f"hardship_{cause}", "instalments_after_pause"))


def gentlest(facts: Facts) -> Draft | None:
    """As many and as late payments as the mandate allows, for who says that it is hard; never above the means."""
    limits = bounds_of(facts)
    if "monthly" not in facts.frequencies or (limits.is_known and limits.lowest_monthly > limits.ceiling):
        return None
    due_on = facts.today + timedelta(days=FIRST_DUE_DAYS_MAX)
    return Draft(Outline("instalments", facts.total, 0, limits.count_max, due_on), ("gentlest_instalments",))


def lawful(facts: Facts) -> tuple[Draft, ...]:
    """Every offer that the mandate, the means and the cause have room for."""
    drafts = [
        pause_for(facts, facts.arrears_cause),
        reduced(facts),
        interest_freeze(facts),
        *(level(facts, frequency) for frequency in ("monthly", "fortnightly", "weekly", "pay_day")),
        deferral(facts),
        step(facts),
        in_parts(facts),
        at_once(facts),
        restructured(facts),
    ]
    return tuple(draft for draft in drafts if draft is not None and _is_in_rhythm(facts, draft.outline))


def _is_in_rhythm(facts: Facts, outline: Outline) -> bool:
    return outline.count == 1 or outline.frequency in facts.frequencies
