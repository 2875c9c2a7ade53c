"""The checks that a placed record passes before it becomes a case; each finds every fault of its kind.

A check answers with reasons: a stable code, a JSON pointer into the record, a sentence without values. No reasons
means passed; `NOT_KNOWN` means that the lender does not say what the check needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from services.intake.domain.arrears import TOLERANCE_DAYS, Arrears, tolerance_for
from services.intake.domain.creditor import Creditor
from services.intake.domain.dates import add_years
from services.intake.domain.identity_number import is_identity_number
from services.intake.domain.law import Jurisdiction
from services.intake.domain.placement import Placement
from services.intake.domain.places import is_region
from services.intake.domain.schedule import Schedule
from shared.kernel.refusal import Reason

NOT_KNOWN: tuple[Reason, ...] = (Reason("not_known"),)
_PASSED: tuple[Reason, ...] = ()
_ROUNDING = 1.01
"""Room for the lender's own rounding where figures can only be compared roughly."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the agency has set. `as_of_age_days_max`: older figures are refused as stale."""

    jurisdictions: Mapping[str, Jurisdiction]
    as_of_age_days_max: int
    accepts_generated: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """A record with what was worked out from it. `today` is the business date in the creditor's country."""

    placement: Placement
    creditor: Creditor
    law: Jurisdiction
    rules: Rules
    today: date
    schedule: Schedule
    paid_minor_units: int
    arrears: Arrears


Reasons = Sequence[Reason]
Check = Callable[[Examined], Reasons]


def check_mandate(it: Examined) -> Reasons:
    """The country, its currency, and the origin of the record are what the creditor is here for."""
    reasons = []
    if it.placement.jurisdiction != it.creditor.jurisdiction:
        reasons.append(Reason("jurisdiction_not_mandated", "/jurisdiction", "the creditor places debts elsewhere"))
    if it.placement.currency != it.law.currency:
        reasons.append(Reason("currency_not_of_jurisdiction", "/currency", "not the currency of the jurisdiction"))
    if it.placement.provenance == "generated" and not it.rules.accepts_generated:
        reasons.append(Reason("generated_not_accepted", "/provenance", "invented records belong in a sandbox"))
    return reasons


def check_contract_dates(it: Examined) -> Reasons:
    """The dates of the contract come in their order and the figures are of now."""
    placement, reasons = it.placement, []
    if placement.as_of > latest_business_date(it.today):
        reasons.append(Reason("as_of_in_future", "/as_of", "the day of the figures has not come yet"))
    if (it.today - placement.as_of).days > it.rules.as_of_age_days_max:
        reasons.append(Reason("as_of_too_old", "/as_of", "the figures are too old to collect on"))
    if placement.originated_on > placement.as_of:
        reasons.append(Reason("originated_after_as_of", "/originated_on", "after the day of the figures"))
    if placement.first_due_on < placement.originated_on:
        reasons.append(Reason("first_due_before_origination", "/first_due_on", "before the contract began"))
    if placement.last_demand_on is not None and placement.last_demand_on > placement.as_of:
        reasons.append(Reason("demand_after_as_of", "/last_demand_on", "after the day of the figures"))
    return reasons


def check_schedule(it: Examined) -> Reasons:
    """Listed instalments come in order, and all instalments together repay the principal."""
    reasons, before = [], it.placement.originated_on
    for index, (due_on, _) in enumerate(it.placement.listed_instalments):
        if due_on < before:
            reasons.append(Reason("schedule_out_of_order", f"/schedule/{index}/due_on", "before the one above it"))
        before = due_on
    if it.schedule.total_minor_units * _ROUNDING < it.placement.original_principal_minor_units:
        reasons.append(Reason("schedule_below_principal", "/instalment_minor_units", "does not repay the principal"))
    return reasons


def check_history(it: Examined) -> Reasons:
    """Payments came in while the contract ran."""
    first, last = it.placement.originated_on, it.placement.as_of
    reasons = []
    for index, (received_on, _) in enumerate(it.placement.payments):
        if received_on < first:
            pointer = f"/payments/{index}/received_on"
            reasons.append(Reason("payment_before_origination", pointer, "before the contract began"))
        elif received_on > last:
            reasons.append(Reason("payment_after_as_of", f"/payments/{index}/received_on", "after the figures' day"))
    return reasons


def check_arrears(it: Examined) -> Reasons:
    """The account is overdue, and the lender's own figures agree with the schedule and the payments."""
    ours, theirs = it.arrears, it.placement
    if ours.days_past_due < 1:
        return [Reason("not_overdue", "/payments", "by schedule and payments nothing is overdue")]
    reasons = []
    if abs(ours.minor_units - theirs.arrears_minor_units) > tolerance_for(ours.minor_units):
        message = "schedule and payments give another figure"
        reasons.append(Reason("arrears_differ", "/arrears_minor_units", message))
    if abs(ours.days_past_due - theirs.days_past_due) > TOLERANCE_DAYS:
        reasons.append(Reason("days_past_due_differ", "/days_past_due", "schedule and payments give another figure"))
    return reasons


def check_balance(it: Examined) -> Reasons:
    """The buckets fit the contract: something is owed, not more than was lent, not less than is overdue."""
    balance, placement = it.placement.balance, it.placement
    if balance.total_minor_units == 0:
        return [Reason("balance_empty", "/balance", "nothing is owed")]
    reasons = []
    if balance.principal_minor_units > placement.original_principal_minor_units:
        reasons.append(Reason("balance_above_principal", "/balance/principal_minor_units", "more than was lent"))
    left = max(0, it.schedule.total_minor_units - it.paid_minor_units)
    if balance.principal_minor_units > left * _ROUNDING + tolerance_for(placement.original_principal_minor_units):
        message = "more than the rest of the schedule"
        reasons.append(Reason("balance_above_schedule", "/balance/principal_minor_units", message))
    if it.arrears.minor_units > balance.total_minor_units + tolerance_for(it.arrears.minor_units):
        reasons.append(Reason("arrears_above_balance", "/balance", "less than what is overdue"))
    return reasons


def check_rate_cap(it: Examined) -> Reasons:
    """Neither the stated rate nor what the instalments really cost is above the legal cap."""
    cap, placement = it.law.rate_cap, it.placement
    if cap is None:
        return _PASSED
    reasons = []
    if placement.annual_rate_basis_points > cap.basis_points:
        reasons.append(Reason("interest_above_cap", "/annual_rate_basis_points", f"above the cap: {cap.source}"))
    if not placement.listed_instalments and placement.term_months > 0:
        worth = placement.instalment_minor_units * _annuity_factor(cap.basis_points, placement.term_months)
        if worth > placement.original_principal_minor_units * _ROUNDING:
            message = f"the instalments cost more than the cap: {cap.source}"
            reasons.append(Reason("cost_above_cap", "/instalment_minor_units", message))
    return reasons


def check_limitation(it: Examined) -> Reasons:
    """The debt is not time-barred today."""
    rule, placement = it.law.limitation, it.placement
    if rule.counts_from_last_instalment:
        starts = [it.schedule.due_on(it.schedule.count - 1)]
    else:
        starts = [it.arrears.oldest_due_on or placement.first_due_on]
    starts += [received_on for received_on, _ in placement.payments]
    if rule.demand_restarts and placement.last_demand_on is not None:
        starts.append(placement.last_demand_on)
    if it.today > add_years(max(starts), rule.years):
        return [Reason("time_barred", "", f"time-barred: {rule.source}")]
    return _PASSED


def check_majority(it: Examined) -> Reasons:
    """The borrower was of age when the contract was made."""
    born_on = it.placement.borrower.born_on
    if born_on is None:
        return NOT_KNOWN
    if add_years(born_on, it.law.age_of_majority) > it.placement.originated_on:
        return [Reason("minor_at_origination", "/borrower/born_on", f"under age: {it.law.majority_source}")]
    return _PASSED


def check_deceased(it: Examined) -> Reasons:
    """The borrower lives."""
    return _scrubbed(it.placement.scrubs.is_deceased, "borrower_deceased", "/scrubs/is_deceased")


def check_bankrupt(it: Examined) -> Reasons:
    """No insolvency proceedings stand in the way."""
    return _scrubbed(it.placement.scrubs.is_bankrupt, "borrower_bankrupt", "/scrubs/is_bankrupt")


def check_in_court(it: Examined) -> Reasons:
    """No court has the matter."""
    return _scrubbed(it.placement.scrubs.is_in_court, "in_court", "/scrubs/is_in_court")


def check_identity(it: Examined) -> Reasons:
    """A Chinese identity number has a right check digit and birthday. Invented persons must not have one that fits."""
    placement, borrower = it.placement, it.placement.borrower
    if borrower.identity_number is None:
        return NOT_KNOWN
    if placement.jurisdiction != "CN" or placement.provenance == "generated":
        return _PASSED
    if is_identity_number(borrower.identity_number, born_on=borrower.born_on):
        return _PASSED
    return [Reason("identity_number_invalid", "/borrower/identity_number", "not valid by GB 11643-1999")]


def check_contact_points(it: Examined) -> Reasons:
    """Each contact point has its right form, none is there twice, and at least one may be used."""
    reasons, seen = [], set()
    for index, point in enumerate(it.placement.contact_points):
        pointer = f"/contact_points/{index}/value"
        if point.value is None:
            reasons.append(Reason("contact_point_invalid", pointer, f"not a valid {point.kind} contact point"))
        elif point.value in seen:
            reasons.append(Reason("contact_point_repeated", pointer, "given twice"))
        seen.add(point.value)
    if all(point.may_be_used is False or point.value is None for point in it.placement.contact_points):
        reasons.append(Reason("no_usable_contact_point", "/contact_points", "nobody can be reached by these"))
    region = it.placement.borrower.region
    if region is not None and not is_region(it.placement.jurisdiction, region):
        reasons.append(Reason("region_unknown", "/borrower/region", "not a state or territory"))
    return reasons


CHECKS: Mapping[str, Check] = {
    "mandate": check_mandate,
    "contract_dates": check_contract_dates,
    "schedule": check_schedule,
    "repayment_history": check_history,
    "arrears": check_arrears,
    "balance": check_balance,
    "rate_cap": check_rate_cap,
    "limitation": check_limitation,
    "majority": check_majority,
    "deceased": check_deceased,
    "bankrupt": check_bankrupt,
    "in_court": check_in_court,
    "identity": check_identity,
    "contact_points": check_contact_points,
}
"""The checklist in its order. Its names are stored with every case."""


def latest_business_date(today: date) -> date:
    """The last day that a lender may speak of: its calendar may be a day ahead of ours."""
    return today + timedelta(days=1)


def _scrubbed(is_hit: bool | None, code: str, pointer: str) -> Reasons:
    if is_hit is None:
        return NOT_KNOWN
    return [Reason(code, pointer, "collecting is not allowed")] if is_hit else _PASSED


@lru_cache(maxsize=4_096)
def _annuity_factor(basis_points: int, months: int) -> float:
    """What one unit a month is worth at the start, at a yearly rate. A comparison, not an amount: floats will do."""
    monthly = basis_points / 120_000
    return (1 - (1 + monthly) ** -months) / monthly
