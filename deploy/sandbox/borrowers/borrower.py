"""One simulated borrower of one loan: the character, what is remembered, and what is still to be paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.sandbox.borrowers.character import Character, character_of
from deploy.sandbox.borrowers.paying import Payment
from deploy.sandbox.borrowers.reacting import Memory


@dataclass(slots=True)
class Borrower:
    """Changed by the world alone, and only between two steps of the clock.

    `token` opens the borrower's page once, with the answer to its question (`factor`), and comes from the last message
    that had a link; `used_token` is the one that opened it last, `access` what was given for it. `received` counts the
    messages by channel, `visits` and `plans` count what they say. `plan_id` is the plan whose payments are planned.
    """

    account_number: str
    lender: str
    language: str
    character: Character
    case_id: str
    contacts: Mapping[str, str]
    factor: str = ""
    memory: Memory = field(default_factory=Memory)
    token: str | None = None
    used_token: str | None = None
    access: str = ""
    received: Counter[str] = field(default_factory=Counter)
    visits: int = 0
    plans: int = 0
    plan_id: str = ""
    has_asked_for_relief: bool = False
    payments: list[Payment] = field(default_factory=list)


def borrower_of(seed: int, lender: str, record: Mapping[str, Any], case_id: str) -> Borrower:
    """The person behind an accepted record."""
    account_number = str(record["account_number"])
    outstanding = sum(int(bucket) for bucket in record["balance"].values())
    character = character_of(seed, account_number, int(record["instalment_minor_units"]), outstanding)
    contacts = {str(point["kind"]): str(point["value"]) for point in record["contact_points"]}
    factor = str(record["borrower"].get("born_on") or account_number)
    return Borrower(account_number, lender, str(record["language"]), character, case_id, contacts, factor)
