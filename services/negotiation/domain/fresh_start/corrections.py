r"""A request to put right what a credit bureau has on file about a cleared debt, and how it goes on.

    requested -> sent -> answered
              \-> failed      (handed over eight times in vain: people look at it)
              \-> cancelled   (the clearance was withdrawn before it was sent)

The lender furnished the entry, so the lender is asked; the borrower may also go to the bureau with the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from shared.kernel.refusal import Conflict

CorrectionState = Literal["requested", "sent", "answered", "failed", "cancelled"]
CorrectionAnswer = Literal["corrected", "was_correct", "refused"]
Outcome = Literal["paid_in_full", "paid_for_less"]

ATTEMPTS_MAX = 8
FIRST_PAUSE = timedelta(minutes=15)
ASK_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """How long an answer may take, and by what."""

    days: int
    source: str


ANSWER_TIMES: Mapping[str, AnswerTime] = {
    "CN": AnswerTime(20, "Regulation on the Credit Reporting Industry (State Council Decree 631), art. 25"),
    "US": AnswerTime(30, "12 CFR 1022.43(e)(3), with 15 USC 1681i(a)(1)"),
}
OWN_TIME = AnswerTime(30, "own policy")


class CorrectionDecided(Conflict):
    def __init__(self) -> None:
        super().__init__("correction_decided", "this request has been answered or ended already")


@dataclass(frozen=True, slots=True)
class Correction:
    """One request per cleared case. `due_at`: the next hand-over or question; `waived` in minor units."""

    correction_id: UUID
    case_id: UUID
    creditor_id: UUID
    jurisdiction: str
    language: str
    outcome: Outcome
    currency: str
    waived: int
    cleared_at: datetime
    state: CorrectionState
    requested_at: datetime
    due_at: datetime | None
    attempts: int = 0
    sent_at: datetime | None = None
    answer_due_at: datetime | None = None
    answer: CorrectionAnswer | None = None
    answered_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        return self.state == "sent" and self.answer_due_at is not None and now >= self.answer_due_at


def answer_time(jurisdiction: str) -> AnswerTime:
    return ANSWER_TIMES.get(jurisdiction, OWN_TIME)


def tried(correction: Correction, now: datetime) -> Correction:
    """Before a hand-over: the next try is fixed first, so that a crash in between repeats it later and not at once."""
    pause = FIRST_PAUSE * 2**correction.attempts
    return replace(correction, attempts=correction.attempts + 1, due_at=now + pause)


def given_up(correction: Correction) -> Correction:
    return replace(correction, state="failed", due_at=None)


def cancelled(correction: Correction) -> Correction:
    return replace(correction, state="cancelled", due_at=None)


def sent(correction: Correction, now: datetime) -> Correction:
    """Also after it had failed: people may have handed it over. Raises CorrectionDecided."""
    if correction.state == "sent":
        return correction
    if correction.state not in ("requested", "failed"):
        raise CorrectionDecided
    until = now + timedelta(days=answer_time(correction.jurisdiction).days)
    return replace(correction, state="sent", sent_at=now, answer_due_at=until, due_at=now + ASK_EVERY)


def answered(correction: Correction, answer: CorrectionAnswer, now: datetime) -> Correction:
    """The same answer twice is one. Raises CorrectionDecided for another one, and for what was never sent."""
    if correction.state == "answered" and correction.answer == answer:
        return correction
    if correction.state != "sent":
        raise CorrectionDecided
    return replace(correction, state="answered", answer=answer, answered_at=now, due_at=None)
