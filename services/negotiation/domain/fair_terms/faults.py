"""Every fault of terms, at once. A fault that is forbidden stops an offer and an agreement; a note calls a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from services.negotiation.domain.fair_terms.clauses import ALWAYS_NEEDED, CLAUSES, not_allowed
from services.negotiation.domain.fair_terms.facts import FairFacts, ProposedTerms
from services.negotiation.domain.fair_terms.sources import RULES, Severity
from services.negotiation.domain.interest_caps import Cap, Unknown, interest_within
from shared.kernel.refusal import Conflict, Reason

OFFER_DAYS_MIN = 3
"""Full days that an offer stays open at least; our policy, where laws ask for a real chance to read."""
BALLOON_TIMES = 2
"""The last payment may be twice the usual one at most, where it is more than is affordable."""
MISSED_MIN = 2
"""Payments missed before everything may fall due."""
WHOLE = 10_000
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule` is stable; `clause` says where it comes from; `pointer` where in the terms it lies."""

    rule: str
    clause: str
    severity: Severity
    pointer: str = ""


class UnfairTerms(AssertionError):
    """We would have offered terms that are not fair: a bug of ours, never an answer to anybody."""

    def __init__(self, found: tuple[Fault, ...]) -> None:
        super().__init__("unfair terms: " + ", ".join(fault.rule for fault in found))
        self.faults = found


class UnfairToAgree(Conflict):
    """Terms that were put once are not fair any more (facts have changed), so nobody is bound by them."""

    def __init__(self, found: tuple[Fault, ...]) -> None:
        reasons = [Reason(fault.rule, fault.pointer, fault.clause) for fault in found]
        super().__init__("unfair_terms", "these terms cannot be agreed", reasons)
        self.faults = found


def faults(terms: ProposedTerms, facts: FairFacts) -> tuple[Fault, ...]:
    """All faults, in the order of the terms; empty: they are fair."""
    found = [
        *_fees(terms, facts),
        *_interest(terms, facts),
        *_sums(terms, facts),
        *_deadline(terms, facts),
        *_payments(terms, facts),
        *_conduct(terms, facts),
        *_clauses(terms, facts),
    ]
    return tuple(found)


def forbidden(found: Iterable[Fault]) -> tuple[Fault, ...]:
    """Those that stop."""
    return tuple(fault for fault in found if fault.severity == "forbidden")


def _fault(rule: str, pointer: str) -> Fault:
    source = RULES[rule]
    return Fault(rule, source.clause, source.severity, pointer)


def _fees(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    allowed = {fee.code: fee.amount_max for fee in facts.charges.fees}
    sums: dict[str, int] = {}
    for position, fee in enumerate(terms.fees):
        sums[fee.code] = sums.get(fee.code, 0) + fee.amount
        if fee.code not in allowed:
            yield _fault("fee.outside_contract", f"/fees/{position}")
        elif sums[fee.code] > allowed[fee.code]:
            yield _fault("fee.above_contract", f"/fees/{position}")
    is_capped = isinstance(facts.cap, Cap) and facts.cap.default_fees_max is not None
    if is_capped and sum(sums.values()) > (facts.cap.default_fees_max or 0):  # type: ignore[union-attr]  # it is a Cap
        yield _fault("fee.above_contract", "/fees")


def _interest(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    if terms.interest > 0:
        days = max(1, (_last_day(terms) - facts.today).days)
        by_contract = facts.owed.principal * facts.charges.annual_rate_basis_points * days // (WHOLE * DAYS_A_YEAR)
        if terms.interest > by_contract:
            yield _fault("interest.beyond_contract", "/interest")
        if isinstance(facts.cap, Cap) and _counted(terms, facts.cap) > interest_within(
            facts.cap, facts.owed.principal, days
        ):
            yield _fault("interest.beyond_cap", "/interest")
    rate = terms.default_rate_basis_points
    if rate > max(facts.charges.default_rate_basis_points, facts.charges.annual_rate_basis_points):
        yield _fault("default_rate.beyond_contract", "/default_rate_basis_points")
    if rate > 0 and isinstance(facts.cap, Cap) and rate > facts.cap.yearly:
        yield _fault("default_rate.beyond_cap", "/default_rate_basis_points")
    if isinstance(facts.cap, Unknown) and (terms.interest > 0 or rate > 0):
        yield _fault("cap.unknown", "/interest")


def _counted(terms: ProposedTerms, limit: Cap) -> int:
    """What counts together under the cap: interest, and fees where the law says so."""
    return terms.interest + (sum(fee.amount for fee in terms.fees) if "fees" in limit.covers else 0)


def _sums(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    added = terms.interest + sum(fee.amount for fee in terms.fees)
    if terms.total + terms.discount - added > facts.owed.total:
        yield _fault("total.above_owed", "/total")
    if sum(amount for _, amount in terms.payments) != terms.total:
        yield _fault("payments.not_the_total", "/payments")


def _deadline(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    if terms.is_called_last and terms.stays_obtainable:
        yield _fault("deadline.false", "/is_called_last")
    if terms.expires_on is None:
        return
    if terms.expires_on < facts.today:
        yield _fault("deadline.past", "/expires_on")
    elif terms.expires_on < facts.today + timedelta(days=OFFER_DAYS_MIN):
        yield _fault("deadline.too_short", "/expires_on")


def _payments(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    """One payment of everything is not bounded by what is left in a month; what follows relief is looked at again when
    the relief ends, but a last payment that nobody can make is a trap there too."""
    affordable = facts.affordable_monthly
    if affordable is None or len(terms.payments) == 1 or facts.is_above_affordable_approved:
        return
    monthly = terms.monthly
    usual, last = median_low(monthly), monthly[-1]
    if last > affordable and last > BALLOON_TIMES * usual:
        yield _fault("payment.balloon", f"/payments/{len(monthly) - 1}")
    above = next((position for position, amount in enumerate(monthly) if amount > affordable), None)
    if above is not None and not terms.is_relief:
        yield _fault("payment.above_affordable", f"/payments/{above}")


def _conduct(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    if terms.needs_new_credit:
        yield _fault("borrowing.needed", "/needs_new_credit")
    if terms.early_fee > 0:
        yield _fault("early.penalty", "/early_fee")
    lost_after = terms.discount_lost_after_days
    if terms.discount and lost_after is not None and lost_after <= max(1, facts.grace_days):
        yield _fault("discount.lost_at_once", "/discount_lost_after_days")
    if terms.accelerates_after_missed is not None and terms.accelerates_after_missed < MISSED_MIN:
        yield _fault("acceleration.for_little", "/accelerates_after_missed")
    if terms.acceptance != "explicit":
        yield _fault("silence.accepts", "/acceptance")


def _clauses(terms: ProposedTerms, facts: FairFacts) -> Iterator[Fault]:
    """Only where the words are known: figures alone are judged before there is a text."""
    codes = terms.clauses
    if facts.is_time_barred is None:
        yield _fault("time_barred.unknown", "")
    if codes is None:
        return
    for code in codes:
        if code not in CLAUSES:
            yield _fault("clause.unknown", "/clauses")
    for clause in not_allowed(codes):
        yield Fault(f"clause.{clause.code}", clause.source, "forbidden", "/clauses")
    for missing in sorted(ALWAYS_NEEDED.difference(codes)):
        yield Fault("clause.missing", f"{RULES['clause.missing'].clause}: {missing}", "forbidden", "/clauses")
    if facts.is_time_barred and "time_barred" not in codes:
        yield _fault("time_barred.not_told", "/clauses")


def _last_day(terms: ProposedTerms) -> date:
    return max(due_on for due_on, _ in terms.payments)
