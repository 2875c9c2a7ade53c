"""Is this message ours? Every answer that a checker may give, decided from published things alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.kernel.genuine.code import Entry, commitment_of
from shared.kernel.genuine.token import TOKEN_LENGTH, Token, Verify, digest_of, text_hash

Answer = Literal[
    "genuine",  # issued by us on that day
    "not_readable",  # a slip, or not one of our codes
    "forged",  # a token that none of our published keys signed
    "unknown_code",  # not on the list of its day
    "other_day",  # issued, but not on the day the message is said to be of
    "text_altered",  # issued, for another text
    "list_needed",  # a short code proves nothing without the list of its day
    "list_forged",  # the list is not signed by a published key, or is of another day
]


@dataclass(frozen=True, slots=True)
class Finding:
    """`issued_on` and `kind` as far as they are proven."""

    answer: Answer
    issued_on: date | None = None
    kind: str | None = None

    @property
    def is_genuine(self) -> bool:
        return self.answer == "genuine"


@dataclass(frozen=True, slots=True)
class DailyList:
    """A list as published. `signed` are the bytes that `signature` covers."""

    day: date
    key_id: bytes
    entries: Mapping[str, str]
    signed: bytes
    signature: bytes


def check_token(token: Token, verify: Verify, *, received_on: date | None = None, text: str | None = None) -> Finding:
    claim = token.claim
    if not token.is_signed_by(verify):
        return Finding("forged")
    if received_on is not None and received_on != claim.issued_on:
        return Finding("other_day", claim.issued_on, claim.kind)
    if text is not None and digest_of(text_hash(text)) != claim.digest:
        return Finding("text_altered", claim.issued_on, claim.kind)
    return Finding("genuine", claim.issued_on, claim.kind)


def check_code(
    code: str,
    day: date,
    published: DailyList | None,
    verify: Verify,
    *,
    received_on: date | None = None,
    text: str | None = None,
) -> Finding:
    """`code` as `read_code` gives it; `day` the day it means."""
    if published is None:
        return Finding("list_needed")
    if published.day != day or not verify(published.key_id, published.signed, published.signature):
        return Finding("list_forged")
    digest = published.entries.get(commitment_of(code, day))
    return check_entry(None if digest is None else Entry("", digest), day, received_on=received_on, text=text)


def check_entry(entry: Entry | None, day: date, *, received_on: date | None = None, text: str | None = None) -> Finding:
    """What follows from the line of a code, wherever the line came from."""
    if entry is None:
        return Finding("unknown_code")
    if received_on is not None and received_on != day:
        return Finding("other_day", day)
    if text is not None and digest_of(text_hash(text)).hex() != entry.digest:
        return Finding("text_altered", day)
    return Finding("genuine", day)


def looks_like_token(text: str) -> bool:
    """Longer than any code that is typed by hand."""
    return len(text) > TOKEN_LENGTH // 2
