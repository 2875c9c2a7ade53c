"""A bank statement: entries between two balances that must add up, and what makes an entry the same one again.

Amounts are positive minor units of the account's currency; the direction says which way the money went.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from shared.kernel.money import EXPONENTS, MINOR_UNITS_MAX
from shared.kernel.refusal import Reason

Direction = Literal["credit", "debit"]

ENTRIES_MAX = 50_000
STATEMENTS_MAX = 200
"""Statements in one file."""
DAYS_AHEAD_MAX = 10
"""How far value dates may lie ahead of the statement: banks value some credits in advance, none of them next year."""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One movement. Names and accounts of others are personal data: kept sealed or as keyed hashes, never in clear.

    `original_reference` is the reference of what a reversal takes back, where the bank names it.
    """

    position: int
    direction: Direction
    amount: int
    booked_on: date
    value_on: date
    is_reversal: bool = False
    bank_reference: str = ""
    end_to_end: str = ""
    text: str = ""
    counterparty_name: str = ""
    counterparty_account: str = ""
    charges: int = 0

    @property
    def signed(self) -> int:
        return self.amount if self.direction == "credit" else -self.amount


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account; `opening` and `closing` are signed."""

    account: str
    number: str
    currency: str
    opened_on: date
    closed_on: date
    opening: int
    closing: int
    entries: tuple[StatementEntry, ...]


def statement_reasons(statement: Statement, pointer: str, today: date) -> list[Reason]:
    """Everything that is wrong with a statement, at once; nothing of it is repeated in the sentences."""
    reasons = []
    if not statement.account:
        reasons.append(Reason("account_missing", f"{pointer}/account", "the statement names no account"))
    if not statement.number:
        reasons.append(Reason("number_missing", f"{pointer}/number", "the statement has no number"))
    if statement.currency not in EXPONENTS:
        reasons.append(Reason("currency_unknown", f"{pointer}/currency", "no currency that is kept here"))
    if statement.closed_on < statement.opened_on:
        reasons.append(Reason("dates_reversed", f"{pointer}/closed_on", "it closes before it opens"))
    if statement.closed_on > today + timedelta(days=1):
        reasons.append(Reason("date_ahead", f"{pointer}/closed_on", "it closes in the future"))
    if len(statement.entries) > ENTRIES_MAX:
        reasons.append(Reason("too_many_entries", f"{pointer}/entries", f"at most {ENTRIES_MAX}"))
    difference = statement.opening + sum(entry.signed for entry in statement.entries) - statement.closing
    if difference:
        message = f"opening balance and entries miss the closing balance by {abs(difference)} minor units"
        reasons.append(Reason("does_not_add_up", f"{pointer}/closing", message))
    last = statement.closed_on + timedelta(days=DAYS_AHEAD_MAX)
    for entry in statement.entries:
        reasons += _entry_reasons(entry, f"{pointer}/entries/{entry.position}", last)
    return reasons


def _entry_reasons(entry: StatementEntry, pointer: str, last: date) -> list[Reason]:
    reasons = []
    if not 0 < entry.amount <= MINOR_UNITS_MAX:
        reasons.append(Reason("amount_out_of_range", f"{pointer}/amount", "above 0, at most 10^15 minor units"))
    if entry.value_on > last:
        reasons.append(Reason("value_date_ahead", f"{pointer}/value_on", "valued long after the statement"))
    return reasons


def entry_ids(account: str, currency: str, entries: Sequence[StatementEntry]) -> list[UUID]:
    """An id for each entry that is the same in every statement that carries it.

    By the bank's reference, amount, direction and dates, and a running number among entries that are alike in all of
    these. Where the bank gives no reference the text takes its place: a hash, which cannot be read back.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    ids = []
    for entry in entries:
        named = entry.bank_reference or f"{entry.end_to_end}\0{entry.text}\0{entry.counterparty_account}"
        facts = (
            *(account, currency, entry.direction, str(entry.amount)),
            *(entry.booked_on.isoformat(), entry.value_on.isoformat(), str(entry.is_reversal), named),
        )
        seen[facts] += 1
        digest = hashlib.sha256("\0".join((*facts, str(seen[facts]))).encode("utf-8", "surrogatepass")).digest()
        # Version 8 of RFC 9562 is for hashes of one's own.
        ids.append(UUID(int=int.from_bytes(digest[:16], "big") & ~(0xF << 76 | 0x3 << 62) | 8 << 76 | 2 << 62))
    return ids
