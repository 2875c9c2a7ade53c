"""The note on a call by hand: what must be in it before it is kept (F30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

OUTCOMES = ("conversation", "no_answer", "not_connected", "failed")
"""`failed`: it was never dialled, so it counts against no cap."""
FEELINGS = ("calm", "worried", "sad", "angry", "ashamed", "distressed", "unclear")
NEXT_STEPS = ("none", "call_back", "send_offer", "hand_over")
WORDS_MAX = 2_000
PROMISE_DAYS_MAX = 90
CALL_BACK_DAYS_MAX = 60
RECORD_KEPT = timedelta(days=3 * 366)
"""12 CFR 1006.100(a): three years after the last collection activity; counted here from the call."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Always a day and an amount, and always said back to the person."""

    on: date
    minor_units: int


@dataclass(frozen=True, slots=True)
class CallNote:
    """`words`: the borrower's own, kept sealed. `recording`: where the recorder keeps the call, never its sound."""

    outcome: str
    is_right_party: bool | None
    cause: str
    feelings: str
    words: str
    promise: Promise | None
    is_confirmed_back: bool
    next_step: str
    next_at: datetime | None
    recording: str | None = None

    @property
    def reached_borrower(self) -> bool:
        return self.outcome == "conversation" and self.is_right_party is True


def note_errors(note: CallNote, today: date, now: datetime, owed_minor_units: int) -> list[tuple[str, str]]:
    """(code, field) of everything that is wrong with a note, not only of the first."""
    errors: list[tuple[str, str]] = []
    if note.outcome not in OUTCOMES:
        errors.append(("outcome_wrong", "outcome"))
    if note.outcome == "conversation" and note.is_right_party is None:
        errors.append(("right_party_missing", "right_party"))
    if note.outcome != "conversation" and note.is_right_party is not None:
        errors.append(("right_party_without_conversation", "right_party"))
    if note.feelings not in FEELINGS:
        errors.append(("feelings_wrong", "feelings"))
    if len(note.words) > WORDS_MAX:
        errors.append(("words_too_long", "words"))
    if not note.reached_borrower and (note.words or note.promise):
        # What anybody else says is no word of the borrower's, and a promise by another binds nobody.
        errors.append(("not_the_borrower", "words" if note.words else "promised_on"))
    errors += _promise_errors(note, today, owed_minor_units)
    errors += _next_errors(note, now)
    return errors


def _promise_errors(note: CallNote, today: date, owed_minor_units: int) -> list[tuple[str, str]]:
    if note.promise is None:
        return []
    errors = []
    if not today <= note.promise.on <= today + timedelta(days=PROMISE_DAYS_MAX):
        errors.append(("promise_day_wrong", "promised_on"))
    if not 0 < note.promise.minor_units <= owed_minor_units:
        errors.append(("promise_amount_wrong", "promised"))
    if not note.is_confirmed_back:
        errors.append(("promise_not_confirmed", "confirmed"))
    return errors


def _next_errors(note: CallNote, now: datetime) -> list[tuple[str, str]]:
    if note.next_step not in NEXT_STEPS:
        return [("next_step_wrong", "next_step")]
    if note.next_step != "call_back":
        return [] if note.next_at is None else [("call_back_time_unasked", "next_at")]
    if note.next_at is None or not now < note.next_at <= now + timedelta(days=CALL_BACK_DAYS_MAX):
        return [("call_back_time_wrong", "next_at")]
    return []


def spoken_promise(promise: Promise, amount: str, language: str) -> str:
    """The sentence that was said back: an absolute day and an amount, never "next Friday"."""
    if language == "zh":
        return f"我会在{promise.on.isoformat()}支付{amount}。"
    return f"I will pay {amount} on {promise.on.isoformat()}."
