"""What becomes of a message on the borrower's side: does it arrive, is it noticed, and when is it answered."""

from __future__ import annotations

from typing import Literal

from deploy.sandbox.borrowers.character import Character
from deploy.sandbox.seeded import dice

Outcome = Literal["sent", "delivered", "conversation", "no_answer", "not_connected", "failed"]

LOOKS_WITHIN_STEPS = 8
"""A message that is noticed at all is noticed within so many steps of the clock."""


def outcome_of(seed: int, account_number: str, character: Character, channel: str, nth: int) -> Outcome:
    """What the provider reports of the borrower's `nth` message on this channel."""
    throw = dice(seed, "outcome", account_number, channel, nth).random()
    match channel:
        case "call":
            if "wrong_number" in character.slips:
                return "conversation" if throw < 0.5 else "no_answer"
            if throw < character.attention["call"]:
                return "conversation"
            return "not_connected" if throw > 0.95 else "no_answer"
        case "sms":
            return "failed" if throw > 0.97 else "delivered"
        case "email":
            return "failed" if "mail_bounces" in character.slips else "sent"
        case _:
            return "sent"


def noticed_after_steps(
    seed: int, account_number: str, character: Character, channel: str, nth: int, outcome: Outcome
) -> int | None:
    """In how many steps the borrower reacts to it; None: never. A conversation is answered while it lasts."""
    if outcome == "conversation":
        return 0
    if outcome not in ("sent", "delivered"):
        return None
    throw = dice(seed, "noticing", account_number, channel, nth)
    if throw.random() >= character.attention[channel]:
        return None
    post = 12 if channel == "letter" else 0
    return post + throw.randint(0, LOOKS_WITHIN_STEPS)
