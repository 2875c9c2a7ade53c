"""How long a claim may still be brought, from what happened to the debt. Where the law is not known, the answer is too.

Two rules protect the borrower everywhere: what comes after the last day never starts the time anew, and nothing does
which the law of the place does not name (our own letters do in China, nowhere else).

Sources: 民法典 188, 189, 194, 195 and 诉讼时效规定 (2020) 8, 15, 17; Limitation Act 1980 ss. 5, 29-30; Prescription and
Limitation (Scotland) Act 1973 ss. 6, 7, 9, 10; N.Y. CPLR 214-i; Cal. CCP 337; Tex. CPRC 16.004. Everything but the
Chinese figures is marked `memory` and waits for counsel, whose signature every file needs anyway.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

EventKind = Literal[
    "demand_delivered",
    "promise",
    "written_acknowledgment",
    "part_payment",
    "suit",
    "assignment_notice",
    "obstacle",
]
EVENT_KINDS: tuple[str, ...] = get_args(EventKind)
OBSTACLE_MONTHS = 6
"""民法典 194: an obstacle counts if it lies in the last six months; six months are left once it is gone."""


@dataclass(frozen=True, slots=True)
class LimitationEvent:
    """Something that may start the time anew. `until`: the end of an obstacle. `shown_by`: a hash or a payment id."""

    kind: EventKind
    on: date
    shown_by: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Regime:
    """One place's time bar. `long_stop_years` runs from the first day, whatever happens in between."""

    code: str
    years: int
    restarted_by: frozenset[str]
    source: str
    confidence: Literal["primary", "memory"]
    long_stop_years: int | None = None
    extinguishes: bool = False
    has_obstacles: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """The last day on which a claim may be brought (it is still inside); None: not known, so none may be."""

    ends_on: date | None
    why: tuple[str, ...]
    regime: str | None = None
    starts_on: date | None = None
    extinguishes: bool = False

    def is_open(self, on: date) -> bool:
        return self.ends_on is not None and on <= self.ends_on

    def is_over(self, on: date) -> bool:
        """Known to be over, which is another thing than not known to be open."""
        return self.ends_on is not None and on > self.ends_on


_CN = frozenset({"demand_delivered", "promise", "written_acknowledgment", "part_payment", "suit", "assignment_notice"})
_BRITISH = frozenset({"written_acknowledgment", "part_payment"})
_NOTHING: frozenset[str] = frozenset()

REGIMES = {
    regime.code: regime
    for regime in (
        Regime("CN", 3, _CN, "民法典 188, 189, 194, 195", "primary", long_stop_years=20, has_obstacles=True),
        Regime("GB-EW", 6, _BRITISH, "Limitation Act 1980 ss. 5, 29-30", "memory"),
        # "suit" is a relevant claim (s. 9) that interrupts as an acknowledgment does (s. 10).
        Regime(
            "GB-SCT",
            5,
            _BRITISH | {"suit"},
            "Prescription and Limitation (Scotland) Act 1973 ss. 6-10",
            "memory",
            long_stop_years=20,
            extinguishes=True,
        ),
        # Which part of Great Britain is not known: the shortest time, and nothing starts it anew.
        Regime("GB", 5, _NOTHING, "own rule: the shortest of its parts", "memory"),
        Regime("US-NY", 3, _NOTHING, "N.Y. CPLR 214-i: no payment revives it", "memory"),
        Regime("US-CA", 4, _NOTHING, "Cal. CCP 337; own rule: nothing revives it", "memory"),
        Regime("US-TX", 4, _NOTHING, "Tex. CPRC 16.004; Tex. Fin. Code 392.307", "memory"),
        Regime("US", 3, _NOTHING, "own rule: no state bars a written consumer debt sooner", "memory"),
    )
}
_PARTS_OF_GB = {"ENG": "GB-EW", "WLS": "GB-EW", "EW": "GB-EW", "SCT": "GB-SCT"}


def regime_of(jurisdiction: str, region: str | None) -> Regime | None:
    """The time bar of a place: its own, or its country's where that is on file; None: not known."""
    part = (region or "").removeprefix(f"{jurisdiction}-")
    if jurisdiction == "GB":
        return REGIMES[_PARTS_OF_GB.get(part, "GB")]
    return REGIMES.get(f"{jurisdiction}-{part}") or REGIMES.get(jurisdiction)


def limitation(due_on: date | None, events: Iterable[LimitationEvent], regime: Regime | None) -> Limit:
    """`due_on`: when the oldest unpaid part fell due. The order in which the events are given makes no difference."""
    if regime is None:
        return Limit(None, ("place_unknown",))
    if due_on is None:
        return Limit(None, ("due_day_unknown",), regime.code)
    ordered = sorted(events, key=lambda event: (event.on, event.kind, event.shown_by))
    ends_on, why = years_after(due_on, regime.years), ["due"]
    for event in ordered:
        if event.kind in regime.restarted_by and due_on <= event.on <= ends_on:
            ends_on, why = max(ends_on, years_after(event.on, regime.years)), [*why, event.kind]
        elif event.kind == "obstacle" and (later := _after_obstacle(event, ends_on, regime)) > ends_on:
            ends_on, why = later, [*why, "obstacle"]
    if regime.long_stop_years is not None and ends_on > (stop := years_after(due_on, regime.long_stop_years)):
        ends_on, why = stop, [*why, "long_stop"]
    return Limit(ends_on, tuple(why), regime.code, due_on, regime.extinguishes)


def _after_obstacle(event: LimitationEvent, ends_on: date, regime: Regime) -> date:
    until = event.until
    if not regime.has_obstacles or until is None or until < event.on or event.on > ends_on:
        return ends_on
    if until < months_after(ends_on, -OBSTACLE_MONTHS):
        return ends_on
    return months_after(until, OBSTACLE_MONTHS)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month (29 February ends on the 28th)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    return months_after(day, years * 12)
