"""The harm budget of a strategy: what harm is known to follow its contacts, and when that slows or stops it.

Like an error budget. Harms are counted per 1,000 contacts over the last days; a level is reached when the *lower* end
of the rate's interval lies above its limit, so that a few complaints among few contacts are noise and stop nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from math import sqrt
from typing import Literal
from uuid import UUID

from services.outreach.domain.gate.facts import HarmBudget

State = Literal["ok", "slowed", "stopped"]
CONTACT = "contact"
HARMS = ("complaint", "distress", "opt_out", "dispute")
"""What counts against a strategy; `dispute`: the person denies the debt."""

Z = 1.96
"""Width of the interval: 95 %."""
DRAW_DAYS = 7
"""How long a slowed strategy's case keeps its place: who has to wait, waits that long at most."""
LOOK_AGAIN_DAYS = 1
"""A stopped strategy's case asks again so often: somebody may have let the strategy go on."""
PLACES = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one kind of harm, per 1,000 contacts: above `slow` half of the cases wait, above `stop` all of them."""

    slow: int
    stop: int


@dataclass(frozen=True, slots=True)
class Budget:
    """What one strategy may spend. `because`: why these limits, for whoever has to judge them."""

    strategy: str
    limits: Mapping[str, Limit]
    window_days: int
    minimum_contacts: int
    stop_days: int
    """How long a stop lasts at least; then the strategy is tried again slowly, with a fresh count."""
    slow_days: int
    """How long it stays slow at least."""
    recover_percent: int
    """It is fast again where every rate is at most this much of the limit that slows."""
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a strategy stands since a day; `counted_from`: older contacts and harms are not held against it."""

    state: State
    since_on: date
    counted_from: date | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """One kind of harm among the contacts of the window, per 1,000."""

    kind: str
    harms: int
    contacts: int
    per_thousand: float
    at_least: float
    """The lower end of the interval."""


def rate(kind: str, harms: int, contacts: int) -> Rate:
    """Several harms may follow one contact: a rate is never more than all of them."""
    share = min(harms / contacts, 1.0) if contacts else 0.0
    return Rate(kind, harms, contacts, 1_000 * share, 1_000 * wilson(share, contacts)[0])


def wilson(share: float, trials: int, z: float = Z) -> tuple[float, float]:
    """Both ends of the score interval of a share; (0, 1) where nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    square = z * z / trials
    middle = (share + square / 2) / (1 + square)
    reach = z * sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def window_begins_on(budget: Budget, standing: Standing, today: date) -> date:
    """The first day that counts."""
    begins_on = today - timedelta(days=budget.window_days - 1)
    return max(begins_on, standing.counted_from or begins_on)


def rates(budget: Budget, counted: Mapping[str, int]) -> tuple[Rate, ...]:
    """`counted`: contacts and each kind of harm in the window."""
    return tuple(rate(kind, counted.get(kind, 0), counted.get(CONTACT, 0)) for kind in HARMS if kind in budget.limits)


def judge(budget: Budget, standing: Standing, counted: Mapping[str, int], today: date) -> Standing:
    """What the strategy's standing becomes. It rises at once, and falls only later and well below."""
    measured = rates(budget, counted)
    level = _level(budget, measured)
    days = (today - standing.since_on).days
    if standing.state == "stopped":
        if days < budget.stop_days:
            return standing
        return Standing("slowed", today, today)
    if level == "stopped" or (level == "slowed" and standing.state == "ok"):
        return Standing(level, today, standing.counted_from)
    if standing.state == "slowed" and days >= budget.slow_days and _has_recovered(budget, measured):
        return Standing("ok", today, standing.counted_from)
    return standing


def _level(budget: Budget, measured: tuple[Rate, ...]) -> State:
    level: State = "ok"
    for entry in measured:
        limit = budget.limits[entry.kind]
        if entry.contacts < budget.minimum_contacts:
            continue
        if entry.at_least > limit.stop:
            return "stopped"
        if entry.at_least > limit.slow:
            level = "slowed"
    return level


def _has_recovered(budget: Budget, measured: tuple[Rate, ...]) -> bool:
    """In whole numbers: a rate of exactly the share of the limit is low enough."""
    return all(
        entry.harms * 1_000 * 100 <= budget.limits[entry.kind].slow * budget.recover_percent * max(entry.contacts, 1)
        for entry in measured
    )


def budget_fact(state: str, case_id: UUID, today: date) -> HarmBudget:
    """What the gate is told about one case: its place in the draw of these days, the same whenever it is asked."""
    if state == "ok":
        return HarmBudget("ok")
    day = today.toordinal()
    if state != "slowed":
        return HarmBudget(state, 0, _midnight(day + LOOK_AGAIN_DAYS))
    draw = day // DRAW_DAYS
    place = int.from_bytes(sha256(f"{draw}:{case_id}".encode()).digest()[:8], "big") % PLACES
    return HarmBudget(state, place, _midnight((draw + 1) * DRAW_DAYS))


def _midnight(ordinal: int) -> datetime:
    return datetime.combine(date.fromordinal(ordinal), time(0), UTC)
