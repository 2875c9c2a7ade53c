"""Refusals: what the trade says no to, with every reason at once.

Refusal
├── Invalid       the request itself cannot be right (422)
├── NotFound      there is no such thing, or it is another tenant's (404)
├── Conflict      it clashes with what is already so (409)
├── NotAllowed    the caller may not do this (403)
├── Unidentified  the caller is not known or cannot prove it (401)
└── Overloaded    accepted work waits too long already; come back later (429)

A refusal is an answer, not an accident: it is never retried and never logged as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal: a stable code, where it applies (a JSON pointer, or empty), and a sentence.

    The sentence never repeats the offending value: values may be personal data and reasons end up in logs and events.
    """

    code: str
    pointer: str = ""
    message: str = ""


class Refusal(Exception):
    """Something the rules do not permit. `reasons` lists all of them, never only the first."""

    def __init__(self, code: str, message: str, reasons: Sequence[Reason] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reasons = tuple(reasons)


class Invalid(Refusal):
    """The request itself cannot be right."""


class NotFound(Refusal):
    """There is no such thing, or it belongs to another tenant: the two are not told apart."""


class Conflict(Refusal):
    """It clashes with what is already so."""


class NotAllowed(Refusal):
    """The caller is known and may not do this."""


class Unidentified(Refusal):
    """The caller is not known or could not prove who it is."""


class Overloaded(Refusal):
    """Too much accepted work is waiting. `retry_after_s` says when to come back."""

    def __init__(self, code: str, message: str, *, retry_after_s: int) -> None:
        super().__init__(code, message)
        self.retry_after_s = retry_after_s
