"""When and by what channel to contact somebody: a choice among what the gate has allowed, learned from what followed.

Thompson sampling over arms (channel, part of the day, kind of day) within a segment. Only a bounded share of choices
explores; the others take the arm that is proven better than the first of the fixed order, and that first one as long
as none is. A reply is a success; harm weighs several failures. Everything a choice depends on is kept with it, so it
can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.canonical import Document, canonical, digest
from services.outreach.domain.gate.decision import Decision
from services.outreach.domain.harm_budget import wilson

ALGORITHM = "thompson@1"
HARM_WEIGHT = 5
"""How many contacts without an answer one harm weighs."""
PROVEN_Z = 2.58
"""Intervals of 99 % must not touch before an arm counts as better than another."""
OPTIONS_MAX = 24
BANDS = ((8, "night"), (12, "morning"), (17, "afternoon"), (21, "evening"), (24, "night"))
"""Each part of the day ends at that hour; it begins where the one before ends."""
SATURDAY = 5
Why = Literal["explored", "proven", "fixed_order"]


@dataclass(frozen=True, slots=True, order=True)
class Arm:
    channel: str
    band: str
    day: str
    """weekday or weekend."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What followed the contacts of an arm that are judged."""

    trials: int = 0
    responses: int = 0
    harms: int = 0

    @property
    def reward(self) -> float:
        """Mean of the posterior: 0 to 1."""
        alpha, beta = self.posterior
        return alpha / (alpha + beta)

    @property
    def posterior(self) -> tuple[int, int]:
        silent = self.trials - self.responses - self.harms
        return 1 + self.responses, 1 + silent + HARM_WEIGHT * self.harms

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share of responses, harms weighed as that many failures."""
        weighed = self.trials + (HARM_WEIGHT - 1) * self.harms
        return wilson(self.responses / weighed if weighed else 0.0, weighed, PROVEN_Z)


class NotAllowed(ValueError):
    """Something that the gate did not allow was to become an option."""


@dataclass(frozen=True, slots=True)
class Option:
    """A contact that may be chosen: made from a decision that allows it, by nothing else."""

    arm: Arm
    at: datetime
    contact_point_id: str
    facts_hash: str

    @classmethod
    def of(cls, decision: Decision, arm: Arm, at: datetime, contact_point_id: str) -> Option:
        """Raises `NotAllowed`."""
        if not decision.is_allowed:
            raise NotAllowed("the gate did not allow this contact")
        return cls(arm, at, contact_point_id, decision.facts_hash)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and all that it depended on."""

    segment: str
    options: tuple[Option, ...]
    tallies: tuple[Tally, ...]
    """Of each option's arm, as known then."""
    seed: str
    explore_percent: int
    chosen: int
    why: Why
    algorithm: str = ALGORITHM

    @property
    def option(self) -> Option:
        return self.options[self.chosen]

    @property
    def snapshot_hash(self) -> str:
        return digest(canonical(self.inputs()))

    def inputs(self) -> Document:
        """Everything but the answer."""
        options = [{**asdict(entry), "at": entry.at.isoformat()} for entry in self.options]
        return {
            "algorithm": self.algorithm,
            "explore_percent": self.explore_percent,
            "options": options,
            "seed": self.seed,
            "segment": self.segment,
            "tallies": [asdict(entry) for entry in self.tallies],
        }


def arm_at(channel: str, at: datetime, place: ZoneInfo) -> Arm:
    """The arm that a contact at that moment belongs to, by the person's clock."""
    here = at.astimezone(place)
    band = next(name for ends, name in BANDS if here.hour < ends)
    return Arm(channel, band, "weekend" if here.weekday() >= SATURDAY else "weekday")


def choose(
    segment: str, options: Sequence[Option], known: Mapping[Arm, Tally], seed: str, explore_percent: int
) -> Choice:
    """One of the options; the first is what the fixed order would do. Raises ValueError where there is none."""
    if not options:
        raise ValueError("nothing is allowed, so nothing can be chosen")
    kept = tuple(options[:OPTIONS_MAX])
    tallies = tuple(known.get(option.arm, Tally()) for option in kept)
    chance = Random(seed)  # noqa: S311 - has to be repeatable, guards no secret
    chosen, why = _pick(tallies, chance, explore_percent)
    return Choice(segment, kept, tallies, seed, explore_percent, chosen, why)


def choose_again(choice: Choice) -> Choice:
    """The same question once more: gives the same choice."""
    known = dict(zip((option.arm for option in choice.options), choice.tallies, strict=True))
    again = choose(choice.segment, choice.options, known, choice.seed, choice.explore_percent)
    return replace(again, algorithm=choice.algorithm)


def _pick(tallies: Sequence[Tally], chance: Random, explore_percent: int) -> tuple[int, Why]:
    everything = range(len(tallies))
    if chance.random() * 100 < explore_percent:
        drawn = [chance.betavariate(*tally.posterior) for tally in tallies]
        return max(everything, key=lambda position: (drawn[position], -position)), "explored"
    better = [position for position in everything if is_proven_better(tallies[position], tallies[0])]
    if better:
        return max(better, key=lambda position: (tallies[position].reward, -position)), "proven"
    return 0, "fixed_order"


def is_proven_better(one: Tally, other: Tally) -> bool:
    """The intervals do not touch: no winner by luck."""
    return one.interval[0] > other.interval[1]
