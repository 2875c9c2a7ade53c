"""What a borrower does on noticing a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from deploy.sandbox.borrowers.character import Character
from deploy.sandbox.borrowers.texts import text_of
from deploy.sandbox.seeded import dice


@dataclass(frozen=True, slots=True)
class Reply:
    """A message back on the channel on which the borrower was reached."""

    kind: str
    text: str
    promised_minor_units: int = 0
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Follows the link in the message, at once or some steps later."""

    after_steps: int = 0


Act = Reply | OpenPage
Say = Callable[[str], Reply]

PROMISE_MIN_MINOR_UNITS = 10_000


@dataclass(slots=True)
class Memory:
    """What the borrower remembers: how often something was noticed, what was said, whether a plan was broken."""

    noticed: int = 0
    said: set[str] = field(default_factory=set)
    has_plan: bool = False


def react(
    seed: int, account_number: str, character: Character, memory: Memory, *, channel: str, language: str, today: date
) -> list[Act]:
    """The acts that follow from noticing one more message. `memory` is updated."""
    memory.noticed += 1
    throw = dice(seed, "react", account_number, memory.noticed)
    act = _act(throw, character, memory, channel, language, today)
    if isinstance(act, Reply):
        memory.said.add(act.kind)
        # Who writes in earnest looks a few days later what came of it.
        comes_back = act.kind in ("promise", "question") or act.kind.startswith("hardship")
        return [act, OpenPage(throw.randint(6, 24))] if comes_back else [act]
    return [] if act is None else [act]


def _act(throw: Random, character: Character, memory: Memory, channel: str, language: str, today: date) -> Act | None:
    def say(kind: str) -> Reply:
        return Reply(kind, text_of(throw, language, kind))

    if "wrong_number" in character.slips and channel in ("call", "sms"):
        return None if "wrong_person" in memory.said else say("wrong_person")
    has_had_enough = character.mood in ("angry", "anxious") and memory.noticed > character.patience
    if has_had_enough and "complaint" not in memory.said and throw.random() < 0.5:
        return say("complaint")
    if character.cause in ("dispute", "fraud_victim") and "dispute" not in memory.said:
        return say("dispute")
    if character.cause == "refuses":
        return _refuse(throw, memory, say)
    if character.is_in_hardship:
        kind = f"hardship_{character.cause}"
        if kind not in memory.said and throw.random() < 0.8:
            return say(kind)
        return OpenPage() if throw.random() < 0.5 else None
    return _come_to_terms(throw, character, memory, language, today, say)


def _refuse(throw: Random, memory: Memory, say: Say) -> Act | None:
    chance = throw.random()
    if chance < 0.15 and "stop" not in memory.said:
        return say("stop")
    return say("cease") if chance < 0.2 and "cease" not in memory.said else None


def _come_to_terms(
    throw: Random, character: Character, memory: Memory, language: str, today: date, say: Say
) -> Act | None:
    chance = throw.random()
    willing = {"cooperative": 0.85, "anxious": 0.65, "avoidant": 0.35, "angry": 0.4}[character.mood]
    if chance > willing:
        return say("stop") if chance > 0.98 and "stop" not in memory.said else None
    if chance < 0.08 and "question" not in memory.said:
        return say("question")
    if chance < 0.2 and "promise" not in memory.said and character.free_monthly >= PROMISE_MIN_MINOR_UNITS:
        return _promise(throw, character, language, today)
    if chance < 0.22 and "already_paid" not in memory.said:
        return say("already_paid")
    return OpenPage()


def _promise(throw: Random, character: Character, language: str, today: date) -> Reply:
    """So much on the next pay-day, in whole hundreds."""
    amount = character.free_monthly // PROMISE_MIN_MINOR_UNITS * PROMISE_MIN_MINOR_UNITS
    day = next_pay_day(character, today)
    text = text_of(throw, language, "promise", amount_minor_units=amount, date=day.isoformat())
    return Reply("promise", text, amount, day)


def next_pay_day(character: Character, today: date) -> date:
    """The first pay-day after today."""
    day = today + timedelta(days=1)
    while day.day != character.pay_day:
        day += timedelta(days=1)
    return day
