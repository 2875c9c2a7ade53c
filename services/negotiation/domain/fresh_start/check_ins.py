"""Calm questions after a fresh start. They wait on the borrower's page and in a list of staff: no contact leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from shared.kernel.refusal import Conflict

CHECK_IN_DAYS = (30, 90)
CheckInState = Literal["open", "well", "needs_help", "passed_over"]
CheckInAnswer = Literal["well", "needs_help", "passed_over"]


class CheckInAnswered(Conflict):
    def __init__(self) -> None:
        super().__init__("check_in_answered", "this question has another answer already")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One question on one day. `passed_over`: staff saw that nothing needs to be asked."""

    case_id: UUID
    creditor_id: UUID
    days: int
    due_on: date
    cause: str
    state: CheckInState = "open"
    answered_at: datetime | None = None

    def is_due(self, today: date) -> bool:
        return self.state == "open" and self.due_on <= today


def check_ins(case_id: UUID, creditor_id: UUID, cleared_on: date, cause: str) -> list[CheckIn]:
    """`cleared_on` is the person's date; `cause` of the arrears, for the hint."""
    return [CheckIn(case_id, creditor_id, days, cleared_on + timedelta(days=days), cause) for days in CHECK_IN_DAYS]


def answer_check_in(check_in: CheckIn, answer: CheckInAnswer, now: datetime) -> CheckIn:
    """Raises CheckInAnswered for a second, different answer; somebody may ask for help later all the same."""
    if check_in.state == answer:
        return check_in
    if check_in.state != "open" and answer != "needs_help":
        raise CheckInAnswered
    return replace(check_in, state=answer, answered_at=now)
