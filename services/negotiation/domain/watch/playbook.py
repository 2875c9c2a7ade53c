"""The default playbook: hold, re-assess, re-plan, and then the ladder goes on, or there is a plan again.

A run begins with a broken plan. Its steps come from several topics, so they may come in any order and twice; a step is
recorded once a run. A run ends once; what the borrower does after the ladder has gone on is still recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

PlaybookStep = Literal[
    "detected",
    "hold_applied",
    "reassessed",
    "replanned",
    "limit_reached",
    "stalled",
    "healed",
    "agreed_again",
    "laddered",
    "closed",
]

STEPS: tuple[PlaybookStep, ...] = (
    "detected",
    "hold_applied",
    "reassessed",
    "limit_reached",
    "replanned",
    "stalled",
    "laddered",
    "healed",
    "agreed_again",
    "closed",
)
"""In the order in which steps of one moment are shown."""
ENDINGS: frozenset[PlaybookStep] = frozenset({"healed", "agreed_again", "laddered", "closed"})
AFTER_LADDER: frozenset[PlaybookStep] = frozenset(
    {"hold_applied", "reassessed", "limit_reached", "replanned", "healed", "agreed_again", "closed"}
)
"""What may still be heard when contact has begun again: topics overtake each other, and offers outlive the hold."""
REASSESS_WITHIN = timedelta(hours=24)
"""Half of the hold: if nobody has looked again by then, a person should, while the hold still stands."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the playbook. `ended_by` is None while it runs; of one case at most one run does."""

    run_id: UUID
    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    begun_at: datetime
    steps: frozenset[PlaybookStep] = field(default=frozenset({"detected"}))
    ended_by: PlaybookStep | None = None
    ended_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        return self.ended_by is None

    @property
    def reassess_by(self) -> datetime:
        return self.begun_at + REASSESS_WITHIN

    def is_stalled(self, now: datetime) -> bool:
        """Nobody has re-assessed in time, and nobody has been told so yet."""
        return self.is_running and not self.steps & {"reassessed", "stalled"} and self.reassess_by <= now


def advance(run: Run, step: PlaybookStep, at: datetime) -> Run | None:
    """The run after a step, or None where the step says nothing new or comes after the end."""
    if step == "detected" or step in run.steps:
        return None
    if not run.is_running and (run.ended_by != "laddered" or step not in AFTER_LADDER):
        return None
    run = replace(run, steps=run.steps | {step})
    if step in ENDINGS:
        run = replace(run, ended_by=step, ended_at=at)
    return run
