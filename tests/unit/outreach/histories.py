"""Random lives of a case, and a judge of their escalation that shares nothing with what it judges.

`python -m tests.unit.outreach.histories 1000000` lives a million of them and prints how many and how long.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.outreach.adapters.evidence import load_proof_rules
from services.outreach.domain.escalation.proof import KINDS, Cleared, prove
from services.outreach.domain.escalation.records import RUNGS, Excuse, History, NotProven, RecordedAttempt

RULES = load_proof_rules()
CASE = UUID(int=1)
BEGIN = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
OUTCOMES = {
    "reminder": ("sent", "delivered", "failed", "unknown"),
    "call": ("no_answer", "not_connected", "conversation", "failed", "unknown"),
    "letter": ("sent", "delivered", "failed"),
    "visit": ("no_answer", "conversation", "failed"),
}
_HOURS = (1, 7, 24, 25, 48, 96, 24 * 8, 24 * 15, 24 * 40, 24 * 100)
_EXCUSABLE = ("reminder", "call", "visit")


class Life:
    """One case: what was recorded, when the person last answered, and the time."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.attempts: list[RecordedAttempt] = []
        self.excuses: list[Excuse] = []
        self.answered_at: datetime | None = None
        self._ids = 1

    @property
    def history(self) -> History:
        return History(CASE, tuple(self.attempts), tuple(self.excuses), self.answered_at)

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def attempt(self, rung: str, outcome: str) -> None:
        self.attempts.append(RecordedAttempt(self.new_id(), self.new_id(), CASE, rung, outcome, self.now))

    def excuse(self, rung: str) -> None:
        self.excuses.append(Excuse(self.new_id(), CASE, rung, self.now))

    def climb(self, rung: str) -> Cleared | None:
        try:
            return prove(KINDS[rung], self.history, RULES, self.now)
        except NotProven:
            return None


def may_step(life: Life, rung: str) -> bool:
    """The table of evidence in this judge's own words."""
    begins, oldest = (
        datetime.min.replace(tzinfo=UTC),
        life.now - timedelta(days={"visit": 180, "legal": 365}.get(rung, 730)),
    )
    if rung in ("visit", "legal") and life.answered_at is not None:
        begins = life.answered_at
    if rung == "visit":
        begins = max([begins, *(a.at for a in life.attempts if a.outcome == "conversation")])
    tried: dict[str, list[tuple[str, datetime]]] = {}
    for attempt in life.attempts:
        if attempt.at > begins and attempt.at >= oldest:
            tried.setdefault(attempt.rung, []).append((attempt.outcome, attempt.at))
    excused = {e.rung for e in life.excuses if e.at > begins and e.at >= oldest}
    below = RUNGS[: RUNGS.index(rung)]
    really = [r for r in below if _was_tried(r, tried.get(r, []), life.now)]
    if any(r not in really and (r not in excused or r == "letter") for r in below):
        return False
    return rung not in ("visit", "legal") or len(really) >= 2


def _was_tried(rung: str, tried: list[tuple[str, datetime]], now: datetime) -> bool:
    if rung == "reminder":
        return any(o in ("sent", "delivered") for o, _ in tried) or _apart([t for o, t in tried if o == "failed"])
    if rung == "call":
        silent = [t for o, t in tried if o in ("no_answer", "not_connected", "failed")]
        return _apart(silent) or any(o == "conversation" for o, _ in tried)
    if rung == "letter":
        return any(o != "failed" and now - t >= timedelta(days=14) for o, t in tried)
    return any(o != "failed" and now - t >= timedelta(days=7) for o, t in tried)


def _apart(moments: list[datetime]) -> bool:
    return len(moments) > 1 and max(moments) - min(moments) >= timedelta(hours=16)


def live(chance: random.Random, reached: Counter[str]) -> None:
    """One life of some steps; raises AssertionError at a rung that was reached without evidence, or wrongly refused."""
    life = Life()
    for _ in range(chance.randrange(4, 14)):
        roll = chance.random()
        life.now += timedelta(hours=_HOURS[int(chance.random() * len(_HOURS))])
        if roll < 0.05:
            life.answered_at = life.now
        elif roll < 0.12:
            life.excuse(_EXCUSABLE[int(chance.random() * 3)])
        elif roll < 0.35:
            life.attempt("reminder", OUTCOMES["reminder"][int(chance.random() * 4)])
        else:
            # Mostly as high as a patient collector would be by now, else anything.
            height = len(life.attempts) // 2 if chance.random() < 0.7 else int(chance.random() * 4)
            _try_to_climb(life, RUNGS[1 + min(3, height)], chance, reached)


def _try_to_climb(life: Life, rung: str, chance: random.Random, reached: Counter[str]) -> None:
    cleared = life.climb(rung)
    assert (cleared is not None) == may_step(life, rung), (rung, life.history, life.now)
    if cleared is not None:
        reached[rung] += 1
        if rung in OUTCOMES:
            outcomes = OUTCOMES[rung]
            life.attempt(rung, outcomes[int(chance.random() * len(outcomes))])


def live_many(count: int, seed: int) -> Counter[str]:
    """How often each rung was reached in that many lives."""
    chance, reached = random.Random(seed), Counter[str]()
    for _ in range(count):
        live(chance, reached)
    return reached


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    begun = time.perf_counter()
    rungs = live_many(wanted, seed=20_260_305)
    print(
        f"{wanted:,} histories in {time.perf_counter() - begun:.1f} s, steps taken {dict(rungs)}, none without evidence"
    )
