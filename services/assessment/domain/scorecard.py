"""The points scorecard: whole points for what is known, each with the reason why it was given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.assessment.domain.measures import Measure, value_text
from services.assessment.domain.terms import Axis, RiskGrade, Stage

AXES: tuple[Axis, ...] = ("ability", "willingness")
SCORE_MAX = 100


@dataclass(frozen=True, slots=True)
class Points:
    """Points on one axis, the measure and value they were given for, and the reason."""

    axis: Axis
    measure: str
    value: str
    points: int
    code: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What falling into one band gives."""

    points: int
    code: str


@dataclass(frozen=True, slots=True)
class NumberBands:
    """Bands of a whole number: `grants[i]` holds below `bounds[i]`, the last one from the last bound on."""

    bounds: tuple[int, ...]
    grants: tuple[Grant, ...]

    def grant(self, value: Measure) -> Grant:
        if not isinstance(value, int):
            raise TypeError("a band of numbers met a word")
        return self.grants[bisect_right(self.bounds, value)]


@dataclass(frozen=True, slots=True)
class WordBands:
    """One grant a word; every word the measure can take has one."""

    grants: Mapping[str, Grant]

    def grant(self, value: Measure) -> Grant:
        return self.grants[str(value)]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One measure's bands on one axis."""

    axis: Axis
    measure: str
    bands: NumberBands | WordBands
    missing: Grant


@dataclass(frozen=True, slots=True)
class AffordabilityRule:
    """How much of an income can go to this debt; all shares in basis points.

    `kept_by_cause` is the share of the income on file that is still believed after such a cause.
    """

    living_share: int
    assumed_debt_to_income: int
    safety_share: int
    income_share_max: int
    round_to_minor_units: int
    kept_by_cause: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One version of the scorecard. `early_days_max` and `mid_days_max` are the last days of those stages.

    `grades` lists the grades with their least combined score, best first; what reaches none of them is E.
    """

    version: str
    sha256: str
    start: Mapping[Axis, int]
    characteristics: Sequence[Characteristic]
    ability_weight: int
    grades: tuple[tuple[RiskGrade, int], ...]
    early_days_max: int
    mid_days_max: int
    affordability: AffordabilityRule
    reasons_max: int

    def points(self, measures: Mapping[str, Measure]) -> list[Points]:
        """Every grant that is not zero, in the scorecard's order, the start of each axis first."""
        given = [Points(axis, "start", "", self.start[axis], "start") for axis in AXES]
        for characteristic in self.characteristics:
            value = measures[characteristic.measure]
            grant = characteristic.missing if value is None else characteristic.bands.grant(value)
            if grant.points:
                shown = value_text(measures, characteristic.measure)
                given.append(Points(characteristic.axis, characteristic.measure, shown, grant.points, grant.code))
        return given

    def grade(self, ability: int, willingness: int) -> RiskGrade:
        combined = (ability * self.ability_weight + willingness * (100 - self.ability_weight)) // 100
        return next((grade for grade, least in self.grades if combined >= least), "E")

    def stage(self, days_past_due: int) -> Stage:
        if days_past_due <= self.early_days_max:
            return "early"
        return "mid" if days_past_due <= self.mid_days_max else "late"


def score(points: Sequence[Points], axis: Axis) -> int:
    """The sum of an axis, kept within 0 and 100."""
    return min(SCORE_MAX, max(0, sum(p.points for p in points if p.axis == axis)))


def leading_codes(points: Sequence[Points], count_max: int) -> tuple[str, ...]:
    """The reasons that weigh most, whichever way; the same points always give the same order."""
    weighed = sorted((p for p in points if p.measure != "start"), key=lambda p: (-abs(p.points), p.axis, p.code))
    return tuple(dict.fromkeys(p.code for p in weighed))[:count_max]
