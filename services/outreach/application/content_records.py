"""What templates, texts, codes and letters are kept as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Worded:
    """A text as it goes out, and everything that is needed to make it again and to prove that it is ours.

    `variables` hold nothing about a person: names and addresses come from the vault again. `content_hash` is the
    SHA-256 of subject and text; `text_digest` what the code covers.
    """

    subject: str
    text: str
    template: str
    audience: str
    kind: str
    language: str
    variables: Mapping[str, Any]
    content_hash: str
    text_digest: bytes
    code: str
    token: str
    check_link: str
    creditor: str


@dataclass(frozen=True, slots=True)
class SentText:
    """What was worded for an attempt. `letter_hash`: SHA-256 of the letter's PDF, where one was made."""

    attempt_id: UUID
    case_id: UUID
    person_id: UUID
    template: str
    language: str
    variables: Mapping[str, Any]
    content_hash: str
    text_digest: bytes
    code: str
    kind: str
    issued_on: date
    worded_at: datetime
    letter_hash: str | None


@dataclass(frozen=True, slots=True)
class RefusedText:
    """A text that the conduct checker kept back, for a person to look at. `rules` names what was found, no words."""

    attempt_id: UUID
    case_id: UUID
    person_id: UUID
    template: str
    rules: tuple[str, ...]
    refused_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter's PDF, sealed under the person's key, until the day it is thrown away."""

    attempt_id: UUID
    person_id: UUID
    sealed: bytes
    sha256: str
    keep_until: datetime


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code whose attempt has left, as the daily list needs it."""

    code: str
    text_digest: bytes
