"""How a borrower pays: on pay-day, late, in part, twice, by mistake too little, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.sandbox.borrowers.character import Character
from deploy.sandbox.borrowers.reacting import Reply
from deploy.sandbox.seeded import dice, pick

_BOUNCES = 0.012
"""Share of payments that the bank takes back some days later."""
_GIVES_UP = 0.5
"""Chance that somebody who missed one instalment pays no later one of the same plan."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that will reach the lender on a day. `bounces_on`: the bank takes it back then."""

    on: date
    minor_units: int
    bounces_on: date | None = None


def payments_of_plan(
    seed: int, account_number: str, character: Character, plan: Mapping[str, Any], nth: int, today: date
) -> list[Payment]:
    """What will really be paid under the borrower's `nth` plan, as the JSON of the plan shows its instalments."""
    throw = dice(seed, "paying", account_number, nth)
    grace = int(plan["terms"]["grace_days"])
    payments: list[Payment] = []
    for each in plan["instalments"]:
        due_on, amount = date.fromisoformat(str(each["due_on"])), int(each["amount"]) - int(each.get("paid") or 0)
        if amount <= 0:
            continue
        manner = _manner(throw, character)
        payments += (
            _maybe_bouncing(throw, payment)
            for payment in _pay(throw, character, manner, due_on, amount, grace)
            if payment.minor_units > 0
        )
        if manner == "never" and throw.random() < _GIVES_UP:
            break
    return _not_before(payments, today)


def payments_of_promise(seed: int, account_number: str, character: Character, promise: Reply) -> list[Payment]:
    """A promise made in a reply, kept or not as honest as the borrower is."""
    throw = dice(seed, "promise", account_number)
    if promise.promised_on is None or throw.random() > character.honesty:
        return []
    amount = promise.promised_minor_units
    return [Payment(promise.promised_on, amount if throw.random() < 0.9 else amount // 2)]


def _manner(throw: Random, character: Character) -> str:
    fails = (1 - character.honesty) * (1.6 if character.cause in ("job_loss", "over_borrowing", "refuses") else 1.0)
    return pick(
        throw,
        {
            "on_time": character.honesty * (0.7 if "pays_late" in character.slips else 1.0),
            "within_grace": 0.12,
            "late": 0.25 if "pays_late" in character.slips else 0.02,
            "partial": fails * 0.35,
            "never": fails * 0.45,
            "wrong_amount": 0.2 if "wrong_amount" in character.slips else 0.0,
            "twice": 0.15 if "pays_twice" in character.slips else 0.0,
        },
    )


def _pay(throw: Random, character: Character, manner: str, due_on: date, amount: int, grace: int) -> Iterator[Payment]:
    match manner:
        case "on_time":
            yield Payment(_pay_day_before(character, due_on), amount)
        case "within_grace":
            yield Payment(due_on + timedelta(days=throw.randint(0, grace)), amount)
        case "late":
            yield Payment(due_on + timedelta(days=grace + throw.randint(2, 12)), amount)
        case "partial":
            yield Payment(due_on, amount // 2)
            if throw.random() < 0.5:
                yield Payment(due_on + timedelta(days=grace + throw.randint(4, 15)), amount - amount // 2)
        case "wrong_amount":
            missing = min(amount // 10, throw.randint(100, 1_000))
            yield Payment(due_on, amount - missing)
            yield Payment(due_on + timedelta(days=grace + 3), missing)
        case "twice":
            yield Payment(due_on, amount)
            yield Payment(due_on + timedelta(days=1), amount)


def _maybe_bouncing(throw: Random, payment: Payment) -> Payment:
    if throw.random() >= _BOUNCES:
        return payment
    return Payment(payment.on, payment.minor_units, payment.on + timedelta(days=3))


def _pay_day_before(character: Character, due_on: date) -> date:
    """The last pay-day before the due date when it is near, else the due date itself."""
    day = due_on
    for _ in range(6):
        if day.day == character.pay_day:
            return day
        day -= timedelta(days=1)
    return due_on


def _not_before(payments: Iterable[Payment], today: date) -> list[Payment]:
    """Nobody pays in the past: what would have been earlier is paid today."""
    return [
        each if each.on >= today else Payment(today, each.minor_units, each.bounces_on and today + timedelta(days=3))
        for each in payments
    ]
