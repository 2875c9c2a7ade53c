"""Which calls count towards which debt, and what the count presumes (12 CFR 1006.14(b))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.outreach.domain.law.us_calendar import DAY, day
from services.outreach.domain.law.us_question import Question, asked

CALLS_MAX = 7
WINDOW_DAYS = 7

CALL_MEDIA = frozenset({"call", "voicemail", "ringless_voicemail"})
"""Comment 14(b)-1: a ringless voicemail is a call placed; a text or an e-mail on a mobile telephone is not."""

NOT_CONNECTED = frozenset({"not_connected", "busy", "not_in_service"})
"""1006.14(b)(3)(ii): these do not count. Ringing unanswered, voicemail and a dropped answer do."""

PARTIES_NOT_COUNTED = frozenset(
    {"attorney", "credit_reporting_agency", "creditor", "creditors_attorney", "collectors_attorney"}
)
"""1006.14(b)(3)(iii) with 1006.6(d)(1)(ii)-(vi)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call on a day of the person's calendar. `about`: debts it is attributed to."""

    on: date
    is_outbound: bool
    medium: str
    outcome: str
    party: str
    about: tuple[str, ...]
    raised_by_person: tuple[str, ...]
    number: str | None
    is_by_consent: bool

    @property
    def is_conversation(self) -> bool:
        return self.outcome == "conversation"

    def placed_for(self) -> tuple[str, ...]:
        """The debts whose count it raises. Comment 14(b)(4)-1: without a talk about debts, one debt only."""
        if not self.is_outbound or exclusion(self.medium, self.outcome, self.party, self.is_by_consent) is not None:
            return ()
        return self.about if self.is_conversation else self.about[:1]

    def spoken_of(self) -> tuple[str, ...]:
        """The debts for which silence begins: a debt that the person raises is talked about, not called about."""
        is_talk = self.is_conversation and self.party not in PARTIES_NOT_COUNTED
        return tuple(dict.fromkeys(self.about + self.raised_by_person)) if is_talk else ()


def exclusion(medium: str, outcome: str, party: str, is_by_consent: bool = False) -> str | None:
    """Why a contact is no counted call, or None where it counts."""
    if medium not in CALL_MEDIA:
        return "not_a_call"
    if outcome in NOT_CONNECTED:
        return "not_connected"
    if party in PARTIES_NOT_COUNTED:
        return "not_a_counted_party"
    return "consent" if is_by_consent else None


def calls_of(entries: Iterable[Mapping[str, Any]], wrong_numbers: Iterable[str] = ()) -> list[Call]:
    """Calls in order of days, without those to numbers that turned out to be somebody else's (cmt 14(b)(2)(i)-3)."""
    wrong = frozenset(wrong_numbers)
    calls = [_call(entry) for entry in entries]
    return sorted((call for call in calls if call.number not in wrong), key=lambda call: call.on)


def _call(entry: Mapping[str, Any]) -> Call:
    return Call(
        on=day(entry["on"]),
        is_outbound=entry.get("direction", "out") == "out",
        medium=entry.get("medium", "call"),
        outcome=entry.get("outcome", "no_answer"),
        party=entry.get("party", "consumer"),
        about=tuple(entry.get("debts", ())),
        raised_by_person=tuple(entry.get("raised_by_person", ())),
        number=entry.get("number"),
        is_by_consent=bool(entry.get("is_by_consent", False)),
    )


def first_day_after_conversation(spoken_on: date) -> date:
    """1006.14(b)(2)(i)(B): the day of the conversation is the first of the seven."""
    return spoken_on + timedelta(days=WINDOW_DAYS)


def presumption(calls: list[Call]) -> str:
    """`presumed_violation` where any call broke a limit for any debt it was placed for, else `presumed_compliance`."""
    breaks = any(_breaks(debt, calls[: index + 1]) for index, call in enumerate(calls) for debt in call.placed_for())
    return "presumed_violation" if breaks else "presumed_compliance"


def _breaks(debt: str, until_now: list[Call]) -> bool:
    latest = until_now[-1]
    begins = latest.on - WINDOW_DAYS * DAY
    placed = sum(debt in call.placed_for() for call in until_now if call.on > begins)
    is_too_soon = any(
        debt in call.spoken_of() and latest.on < first_day_after_conversation(call.on) for call in until_now[:-1]
    )
    return placed > CALLS_MAX or is_too_soon


def _counts(given: Mapping[str, Any]) -> Mapping[str, Any]:
    reason = exclusion(
        given["medium"],
        given.get("outcome", "no_answer"),
        given.get("party", "consumer"),
        bool(given.get("is_by_consent", False)),
    )
    return {"counts": reason is None, "reason": reason}


def _calls_per_debt(given: Mapping[str, Any]) -> Mapping[str, Any]:
    calls = calls_of(given["calls"], given.get("wrong_numbers", ()))
    debts = sorted(
        {debt for entry in given["calls"] for key in ("debts", "raised_by_person") for debt in entry.get(key, ())}
    )
    placed = Counter(debt for call in calls for debt in call.placed_for())
    spoken = Counter(debt for call in calls for debt in call.spoken_of())
    return {
        "placed": {debt: placed[debt] for debt in debts},
        "conversations": {debt: spoken[debt] for debt in debts},
        "presumption": presumption(calls),
    }


def _next_call(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"first_day": first_day_after_conversation(day(given["spoken_on"])).isoformat()}


QUESTIONS: dict[str, Question] = {
    "us_call_counts": asked(_counts, "medium", may="is_by_consent outcome party"),
    "us_calls_per_debt": asked(_calls_per_debt, "calls", may="wrong_numbers"),
    "us_first_call_after_conversation": asked(_next_call, "spoken_on"),
}
