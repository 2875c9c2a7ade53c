"""Who gets in: how often somebody may guess at a borrower's second factor, and how long an open door stays open.

Counted and bounded by the machine's clock: a sandbox's business clock jumps by hours and would open every lock.

Unidentified
├── FactorWrong     not the right answer to the question
├── LinkUsed        the link has let somebody in already
└── NotEntered      no session, or one that has ended
Overloaded
└── GuessesPaused   too many wrong answers; `retry_after_s` says when the next one is looked at
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from shared.kernel.refusal import Overloaded, Unidentified

FactorKind = Literal["born_on", "account_number"]
VisitorRole = Literal["borrower", "representative", "software"]

GUESSES_MAX = 5
"""Wrong answers with one link, ever; and about one case within `GUESS_WINDOW`, whatever the link."""
GUESS_WINDOW = timedelta(hours=24)
PAUSES_S = (0, 15, 60, 300)
"""After the first, second, third and fourth wrong answer."""
IDLE_MAX = timedelta(minutes=30)
LIFE_MAX = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a session was used last: not every page writes it."""
ASK_AGAIN_AFTER = timedelta(hours=1)
"""A new link is asked for once within this time; asking again changes nothing."""


class FactorWrong(Unidentified):
    def __init__(self) -> None:
        super().__init__("factor_wrong", "this is not the answer that we have on file")


class LinkUsed(Unidentified):
    def __init__(self) -> None:
        super().__init__("link_used", "this link has been used; ask for a new one")


class NotEntered(Unidentified):
    def __init__(self) -> None:
        super().__init__("session_ended", "open your link again, or ask for a new one")


class GuessesPaused(Overloaded):
    """`is_locked`: no answer is looked at for hours, or with this link ever again."""

    def __init__(self, retry_after_s: int, *, is_locked: bool) -> None:
        code = "factor_locked" if is_locked else "factor_paused"
        super().__init__(code, "too many wrong answers; try again later", retry_after_s=retry_after_s)
        self.is_locked = is_locked


@dataclass(frozen=True, slots=True)
class Guess:
    """A wrong answer, or one that is being looked at this moment."""

    link: bytes
    at: datetime


def allow_guess(guesses: Sequence[Guess], link: bytes, now: datetime) -> None:
    """Raise `GuessesPaused` where the next answer must wait. `guesses`: those with this link, and about its case."""
    recent = sorted(guess.at for guess in guesses if guess.at > now - GUESS_WINDOW)
    if sum(guess.link == link for guess in guesses) >= GUESSES_MAX:
        raise GuessesPaused(_seconds(GUESS_WINDOW), is_locked=True)
    if len(recent) >= GUESSES_MAX:
        raise GuessesPaused(_seconds(recent[-GUESSES_MAX] + GUESS_WINDOW - now), is_locked=True)
    if recent:
        wait = recent[-1] + timedelta(seconds=PAUSES_S[len(recent) - 1]) - now
        if wait > timedelta(0):
            raise GuessesPaused(_seconds(wait), is_locked=False)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has proved that the case is theirs. `key_hash` is all that is kept of what they hold.

    `factor`: which question was answered.
    """

    key_hash: bytes
    case_id: UUID
    creditor_id: UUID
    role: VisitorRole
    factor: FactorKind
    language: str
    opened_at: datetime
    seen_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends however much it is used."""
        return self.opened_at + LIFE_MAX

    def is_open(self, now: datetime) -> bool:
        return now < self.ends_at and now < self.seen_at + IDLE_MAX

    def must_note(self, now: datetime) -> bool:
        return now >= self.seen_at + SEEN_EVERY


def _seconds(wait: timedelta) -> int:
    return int(wait.total_seconds()) + 1
