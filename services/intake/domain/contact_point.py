"""A way to reach a person, before and after the numbering plan has had its word."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTACT_POINTS_MAX = 20

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}\Z)"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""The form that HTML's e-mail inputs accept, with a top-level domain: enough to refuse slips, no more."""


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """`value` is the normal form (E.164, lower-case domain, single spaces), None where what was given is none.

    `zones`: where its own number may ring. `may_be_used`: consent or lawful basis; None: not known.
    """

    kind: str
    place: str
    is_verified: bool
    may_be_used: bool | None
    value: str | None
    zones: tuple[str, ...] = ()


def normal_email(value: str) -> str | None:
    """The address with its domain in lower case, or None where it has not the form of one."""
    text = value.strip()
    if not _EMAIL.fullmatch(text):
        return None
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def normal_postal(value: str) -> str | None:
    """One line with single spaces, or None where too little is left to find a house by."""
    text = " ".join(value.split())
    return text if len(text) >= 5 else None
