"""How long a debt can still be sued for, and what starts that time anew.

Sources: 民法典 188, 189, 192-195; 诉讼时效规定(2020) 8, 15, 17, 19; 银行卡规定(2021) 3. The British years are from
memory and wait for counsel (Limitation Act 1980; Prescription and Limitation (Scotland) Act 1973).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.outreach.domain.law.dates import (
    Answer,
    Given,
    MissingFact,
    months_after,
    read_choice,
    read_day,
    read_day_if_any,
    text,
    years_after,
)


@dataclass(frozen=True, slots=True)
class Regime:
    """One place's time bar. `long_stop_years` runs from the first day and nothing restarts it."""

    years: int
    long_stop_years: int | None
    extinguishes: bool
    restarted_by: frozenset[str]
    clause: str
    confidence: str


_RESTARTS_CN = frozenset(
    {"demand_delivered", "demand_sent_to_reserved_contact", "promise", "part_payment", "suit", "assignment_notice"}
)
_RESTARTS_GB = frozenset({"part_payment", "written_acknowledgment"})

REGIMES = {
    "CN": Regime(3, 20, False, _RESTARTS_CN, "民法典 188, 189, 195", "primary"),
    "GB-EW": Regime(6, None, False, _RESTARTS_GB, "Limitation Act 1980 s.5, 29", "memory"),
    "GB-SCT": Regime(5, 20, True, _RESTARTS_GB, "Prescription and Limitation (Scotland) Act 1973 s.6", "memory"),
}
SUSPENDED_IN_THE_LAST_MONTHS = 6
"""民法典 194: an obstacle counts if it lies in the last six months; six months are left once it is gone."""


def limitation_end(given: Given) -> Answer:
    """The last day of the limitation period.

    `jurisdiction`; `due_on` or `instalments_due_on` (a debt in instalments runs from the last one); `interruptions`
    [{kind, on}]; `suspensions` [{begins_on, ends_on}]; `as_of` (optional: `is_expired` is then answered).
    """
    regime = _regime(given)
    starts_on = _starts_on(given)
    last_on, interrupted_on = years_after(starts_on, regime.years), None
    interruptions = sorted((read_day(entry, "on"), str(entry.get("kind"))) for entry in given.get("interruptions", ()))
    for on, kind in interruptions:
        # What comes after the period is over does not start it anew: it may waive the defence (limitation_defence).
        if kind in regime.restarted_by and starts_on <= on <= last_on:
            last_on, interrupted_on = years_after(on, regime.years), on
    last_on = _suspended(given, last_on)
    if regime.long_stop_years is not None:
        last_on = min(last_on, years_after(starts_on, regime.long_stop_years))
    as_of = read_day_if_any(given, "as_of")
    return {
        "starts_on": text(starts_on),
        "interrupted_on": text(interrupted_on),
        "expires_on": text(last_on),
        "is_expired": None if as_of is None else as_of > last_on,
        "years": regime.years,
        "confidence": regime.confidence,
    }


def _regime(given: Given) -> Regime:
    return REGIMES[read_choice(given, "jurisdiction", frozenset(REGIMES))]


def _starts_on(given: Given) -> date:
    instalments = given.get("instalments_due_on")
    if instalments:
        return max(read_day({"instalment": day}, "instalment") for day in instalments)
    return read_day(given, "due_on")


def _suspended(given: Given, last_on: date) -> date:
    for entry in given.get("suspensions", ()):
        begins_on, ends_on = read_day(entry, "begins_on"), read_day(entry, "ends_on")
        if begins_on <= last_on and ends_on >= months_after(last_on, -SUSPENDED_IN_THE_LAST_MONTHS):
            last_on = max(last_on, months_after(ends_on, SUSPENDED_IN_THE_LAST_MONTHS))
    return last_on


_WAIVERS_CN = frozenset({"signed_demand", "agreed_to_pay", "paid"})


def limitation_defence(given: Given) -> Answer:
    """What the end of the period means: whether a court looks by itself, and whether the defence is still there.

    `jurisdiction`, `is_expired`, `after_expiry` (what the debtor did since: signed_demand, agreed_to_pay, paid).
    """
    regime = _regime(given)
    if not isinstance(given.get("is_expired"), bool):
        raise MissingFact("is_expired")
    is_waived = not regime.extinguishes and bool(_WAIVERS_CN & set(given.get("after_expiry", ())))
    return {
        "court_acts_of_its_own_motion": regime.extinguishes,
        "defence_is_available": given["is_expired"] and not is_waived,
        "debt_is_extinguished": given["is_expired"] and regime.extinguishes,
        "clause": "民法典 192, 193; 诉讼时效规定 19" if regime.clause.startswith("民法典") else regime.clause,
    }


def joint_debtors(given: Given) -> Answer:
    """Whether what interrupts the time against one joint debtor interrupts it against the others (时效规定 15)."""
    read_choice(given, "jurisdiction", frozenset({"CN"}))
    return {"interrupts_for_others": given.get("liability") == "joint_and_several", "clause": "诉讼时效规定 15"}


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "limitation_end": limitation_end,
    "limitation_defence": limitation_defence,
    "joint_debtors": joint_debtors,
}
