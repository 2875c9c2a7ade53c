"""The escalation ladder of a strategy: which step comes next, by which channels, and after how many days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

RETRY_OUTCOMES = frozenset({"no_answer", "not_connected", "failed"})
"""Nobody was reached: the same step may be tried once more before the ladder goes on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung with its channels in order of preference.

    `after_days`: days since the step before. `tries_max` and `retry_after_hours`: how often it is tried if nobody was
    reached. `words`: whose texts are used where they are another rung's. `jurisdictions`: where the step is taken at
    all; empty: everywhere.
    """

    rung: str
    channels: tuple[str, ...]
    after_days: int
    tries_max: int = 1
    retry_after_hours: int = 24
    words: str | None = None
    jurisdictions: tuple[str, ...] = ()

    @property
    def is_remote(self) -> bool:
        """Made by a channel, unlike a visit or a hand-over, which people prepare and people carry out."""
        return self.rung not in ("visit", "legal")

    def is_taken_in(self, jurisdiction: str) -> bool:
        return not self.jurisdictions or jurisdiction in self.jurisdictions


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of one strategy; after the last one it begins again at `repeat_from`, `rounds_max` times in all."""

    strategy: str
    steps: tuple[Step, ...]
    repeat_from: int
    rest_days: int
    rounds_max: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a case stands on its ladder.

    `due_at` None: an attempt is in hand, something must change first, or the ladder is done. `is_waiting`: the gate
    said no, so a change may bring the next question forward.
    """

    strategy: str
    step: int
    round: int
    tries: int
    due_at: datetime | None
    is_waiting: bool = False
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladders of every strategy, with one for a strategy that has none of its own."""

    by_strategy: Mapping[str, Ladder]
    fallback: str

    def of(self, strategy: str) -> Ladder:
        return self.by_strategy.get(strategy) or self.by_strategy[self.fallback]

    def step_of(self, progress: Progress) -> Step:
        steps = self.of(progress.strategy).steps
        return steps[min(progress.step, len(steps) - 1)]


def rested(ladder: Ladder) -> Ladder:
    """The same ladder with twice the rest between its rounds: for a strategy that does harm."""
    return replace(ladder, rest_days=2 * ladder.rest_days)


def start(strategy: str, at: datetime) -> Progress:
    """The first step, due at that moment."""
    return Progress(strategy=strategy, step=0, round=1, tries=0, due_at=at)


def change_strategy(progress: Progress, ladder: Ladder, at: datetime) -> Progress:
    """Go on with another strategy's ladder at the same height, so that no new assessment brings more contact at once.

    A ladder that was done begins again, after the new one's rest.
    """
    if progress.is_finished:
        return start(ladder.strategy, at + timedelta(days=ladder.rest_days))
    return replace(progress, strategy=ladder.strategy, step=min(progress.step, len(ladder.steps) - 1), tries=0)


def after_outcome(progress: Progress, ladder: Ladder, outcome: str, at: datetime) -> Progress:
    """What follows an attempt: the same step once more if nobody was reached, else the next one."""
    step = ladder.steps[min(progress.step, len(ladder.steps) - 1)]
    tries = progress.tries + 1
    if outcome in RETRY_OUTCOMES and tries < step.tries_max:
        return replace(progress, tries=tries, is_waiting=False, due_at=at + timedelta(hours=step.retry_after_hours))
    return climb(progress, ladder, at)


def climb(progress: Progress, ladder: Ladder, at: datetime) -> Progress:
    """The next step, the next round, or the end of the ladder."""
    following = progress.step + 1
    if following < len(ladder.steps):
        due_at = at + timedelta(days=ladder.steps[following].after_days)
        return replace(progress, step=following, tries=0, is_waiting=False, due_at=due_at)
    if progress.round < ladder.rounds_max:
        due_at = at + timedelta(days=ladder.rest_days)
        return replace(
            progress, step=ladder.repeat_from, round=progress.round + 1, tries=0, is_waiting=False, due_at=due_at
        )
    return replace(progress, tries=0, due_at=None, is_waiting=False, is_finished=True)


def go_back(progress: Progress, ladder: Ladder, rung: str, at: datetime) -> Progress:
    """Back to the step of a rung that was passed without proof; it costs a round, so that it comes to an end.

    A ladder without such a step goes on instead: what it has no step for it may never reach.
    """
    below = [number for number, step in enumerate(ladder.steps[: progress.step]) if step.rung == rung]
    if not below:
        return climb(progress, ladder, at)
    if progress.round >= ladder.rounds_max:
        return replace(progress, tries=0, due_at=None, is_waiting=False, is_finished=True)
    due_at = at + timedelta(hours=ladder.steps[below[-1]].retry_after_hours)
    return replace(progress, step=below[-1], round=progress.round + 1, tries=0, is_waiting=False, due_at=due_at)
