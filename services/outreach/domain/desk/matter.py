"""A complaint or a dispute as it is worked on: its states, the closed lists it is described by, how urgent it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

Kind = Literal["complaint", "dispute"]
Urgency = Literal["in_time", "soon", "overdue", "done"]

Way = Literal[
    "reply", "call_note", "email", "portal", "letter", "lender", "regulator", "sms", "call", "in_app", "visit"
]
"""How it came."""
Category = Literal[
    "conduct",
    "threats",
    "harassment",
    "disclosure",
    "impersonation",
    "frequency",
    "wrong_person",
    "amount",
    "data",
    "service",
    "other",
]
Ground = Literal["not_owed", "amount", "already_paid", "identity_theft", "time_barred", "wrong_person", "other"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
GROUNDS: tuple[Ground, ...] = get_args(Ground)
COMPLEXITIES = ("simple", "complex", "specially_complex")
ROOT_CAUSES = (
    "staff_conduct",
    "wording",
    "frequency",
    "timing",
    "wrong_contact_point",
    "data_error",
    "lender_error",
    "process",
    "system",
    "misunderstanding",
    "none_found",
)
FINDINGS = ("upheld", "partly_upheld", "not_upheld", "withdrawn")
DISPUTE_OUTCOMES = ("debt_verified", "debt_corrected", "debt_withdrawn", "withdrawn")
REDRESS = ("apology", "correction", "money", "stop")
OPEN_STATES = ("received", "acknowledged", "investigating", "answered")
FOLLOWS: dict[str, frozenset[str]] = {
    "received": frozenset({"acknowledged", "investigating", "answered", "closed"}),
    "acknowledged": frozenset({"investigating", "answered", "closed"}),
    "investigating": frozenset({"answered", "closed"}),
    "answered": frozenset({"closed"}),
    "closed": frozenset(),
}
"""Forward only; what is closed is reopened as a matter of its own that names the old one."""
SOON = timedelta(days=3)


def may_follow(state: str, following: str) -> bool:
    return following in FOLLOWS[state]


def urgency(state: str, answer_due_at: datetime, now: datetime) -> Urgency:
    """What is answered in time is not late any more; the last moment itself is still in time."""
    if state in ("answered", "closed"):
        return "done"
    if now > answer_due_at:
        return "overdue"
    return "soon" if now >= answer_due_at - SOON else "in_time"


def answer_errors(kind: Kind, outcome: str, root_cause: str | None, redress: tuple[str, ...]) -> list[tuple[str, str]]:
    """(code, field): what keeps an answer from being given."""
    errors = []
    if outcome not in (FINDINGS if kind == "complaint" else DISPUTE_OUTCOMES):
        errors.append(("outcome_wrong", "outcome"))
    if kind == "complaint" and root_cause not in ROOT_CAUSES:
        errors.append(("root_cause_wrong", "root_cause"))
    if any(entry not in REDRESS for entry in redress):
        errors.append(("redress_wrong", "redress"))
    if kind == "complaint" and outcome in ("upheld", "partly_upheld") and not redress:
        # Who was right gets something for it, be it an apology.
        errors.append(("redress_missing", "redress"))
    return errors
