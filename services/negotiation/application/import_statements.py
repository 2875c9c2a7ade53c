"""Take bank statements in: each statement and each entry once, payers' words sealed, nothing booked yet.

The whole file is read and checked before anything is written. What entries are for is found out by `match_entries`.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.receipts_ports import BankEntry, Money, StatementHead
from services.negotiation.domain.receipts.references import find_creditor_references, find_ids
from services.negotiation.domain.receipts.statement import Statement, StatementEntry, entry_ids
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, Reason


@dataclass(frozen=True, slots=True)
class EntryResult:
    """`known`: it came with another statement already, and is not taken twice."""

    position: int
    entry_id: UUID
    result: Literal["taken", "known"]


@dataclass(frozen=True, slots=True)
class StatementResult:
    """`is_known`: the very same statement had been taken in before."""

    statement_id: UUID
    number: str
    is_known: bool
    entries: tuple[EntryResult, ...]


async def import_statements(begin: OpenWork, money: Money, raw: bytes, *, by: str) -> list[StatementResult]:
    """All statements of a file, or none. Raises `Invalid` with every reason for a file that cannot be right, and
    `Conflict` for a statement that came before with other content."""
    async with begin(is_staff=True) as work:
        now = work.now
    # Off the event loop: a large file takes seconds, and others are served meanwhile.
    statements = await asyncio.to_thread(_read, money, raw, by, now)
    async with begin(is_staff=True) as work:
        results = [await _take(work, head, rows, place) for place, (head, rows) in enumerate(statements)]
        await work.commit()
    return results


def _read(money: Money, raw: bytes, by: str, now: datetime) -> list[tuple[StatementHead, list[BankEntry]]]:
    read = []
    statements = money.files.read(raw, now.date())
    strange = [place for place, statement in enumerate(statements) if statement.account not in money.accounts]
    if strange:
        reasons = [
            Reason("account_unknown", f"/statements/{place}/account", "not an account of ours") for place in strange
        ]
        raise Invalid("statement_refused", "the file is not taken: see the reasons", reasons)
    for statement in statements:
        head = _head(money, statement, by, now)
        ids = entry_ids(statement.account, statement.currency, statement.entries)
        rows = [_entry(money, head, entry, i) for entry, i in zip(statement.entries, ids, strict=True)]
        read.append((head, rows))
    return read


async def _take(work: Work, head: StatementHead, rows: list[BankEntry], place: int) -> StatementResult:
    is_new = await work.bank.add_statement(head)
    if not is_new:
        head = await _known(work, head, place)
    fresh = await work.bank.add_entries(rows) if is_new else set()
    results = (EntryResult(r.position, r.entry_id, "taken" if r.entry_id in fresh else "known") for r in rows)
    return StatementResult(head.statement_id, head.number, not is_new, tuple(results))


async def _known(work: Work, head: StatementHead, place: int) -> StatementHead:
    known = await work.bank.find_statement(head.account, head.number, head.closed_on)
    if known is None or known.content_hash != head.content_hash:
        reason = Reason("statement_differs", f"/statements/{place}", "it came before, and said something else")
        raise Conflict("statement_differs", "a statement of this number and day is on file already", [reason])
    return known


def _head(money: Money, statement: Statement, by: str, now: datetime) -> StatementHead:
    facts = json.dumps(astuple(statement), default=str)
    hashed = money.seal.hash("statement", facts)
    return StatementHead(
        statement_id=new_id(),
        account=statement.account,
        number=statement.number,
        currency=statement.currency,
        opened_on=statement.opened_on,
        closed_on=statement.closed_on,
        opening=statement.opening,
        closing=statement.closing,
        entry_count=len(statement.entries),
        content_hash=hashed.hex() if hashed is not None else "",
        imported_by=by,
        imported_at=now,
    )


def _entry(money: Money, head: StatementHead, entry: StatementEntry, entry_id: UUID) -> BankEntry:
    searched = f"{entry.text}\n\n{entry.end_to_end}"
    words = {
        "text": entry.text,
        "name": entry.counterparty_name,
        "account": entry.counterparty_account,
        "end_to_end": entry.end_to_end,
    }
    return BankEntry(
        entry_id=entry_id,
        statement_id=head.statement_id,
        position=entry.position,
        direction=entry.direction,
        amount=entry.amount,
        currency=head.currency,
        booked_on=entry.booked_on,
        value_on=entry.value_on,
        is_reversal=entry.is_reversal,
        charges=entry.charges,
        references=find_creditor_references(searched),
        ids=find_ids(searched),
        bank_reference_hash=money.seal.hash("bank_reference", entry.bank_reference),
        end_to_end_hash=money.seal.hash("end_to_end", entry.end_to_end),
        payer_hash=money.seal.hash("account", entry.counterparty_account),
        sealed=money.seal.seal(entry_id, json.dumps(words)),
        sealed_until=head.closed_on + money.terms.text_kept,
        imported_at=head.imported_at,
    )
