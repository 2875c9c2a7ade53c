"""MT940 "customer statement message" of SWIFT: several statements in one file, :86: in the structures banks use.

The library reads the tags. Two hazards are kept out: its front door opens a file where the text happens to be a path,
so text goes to the parser behind it; and it logs what it cannot read, which would put names into logs.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from mt940 import tags
from mt940.models import Transactions
from mt940.options import Options

from services.negotiation.adapters.bank_statements.fields import Findings, Unreadable, clean
from services.negotiation.domain.receipts.statement import ENTRIES_MAX, Direction, Statement, StatementEntry
from shared.kernel.refusal import Reason

# Its messages carry field values: names and account numbers.
ABOVE_EVERY_LEVEL = 100
tags.logger.setLevel(ABOVE_EVERY_LEVEL)

STATEMENTS_READ_MAX = 1_000
_BLOCK = re.compile(r"(?m)^(?=:20:)")
_ENVELOPE = re.compile(r"(?m)^(?:-\}?|\{[0-9]:[^\n]*)\s*$")
_GERMAN = re.compile(r"\?([0-9]{2})")
_SLASHED = re.compile(r"/([A-Z]{3,4}(?:/[A-Z]{2,4})?)/")
_OPTIONS = Options(unbounded_details=True, reversal_sign=True, case_insensitive_marks=True)
_ACCOUNT = re.compile(r"^(?:[A-Z0-9]{8,11}/)?(.*)$")


def read(raw: bytes) -> list[Statement]:
    """Raises `Unreadable`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = _ENVELOPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = [block for block in _BLOCK.split(text) if block.startswith(":20:")]
    if not blocks or len(blocks) > STATEMENTS_READ_MAX:
        raise Unreadable([Reason("format_unknown", "", "neither camt.053 (versions 02 to 13) nor MT940")])
    if text.count("\n:61:") > ENTRIES_MAX:
        raise Unreadable([Reason("too_many_entries", "", f"at most {ENTRIES_MAX}")])
    findings = Findings()
    statements = [
        statement
        for place, block in enumerate(blocks)
        if (statement := _statement(block, f"/statements/{place}", findings)) is not None
    ]
    findings.end()
    return statements


def _statement(block: str, pointer: str, findings: Findings) -> Statement | None:
    try:
        found = Transactions(processors={"post_transaction_details": []}, options=_OPTIONS)
        found.parse(block)
        return _described(found, pointer, findings)
    # Whatever the library meets in bytes from outside is the file's fault, and its texts quote the file.
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        findings.add("statement_malformed", pointer, "a field is not as MT940 has it")
        return None


def _described(found: Transactions, pointer: str, findings: Findings) -> Statement | None:
    about: dict[str, Any] = found.data
    opening = about.get("final_opening_balance") or about.get("intermediate_opening_balance")
    closing = about.get("final_closing_balance") or about.get("intermediate_closing_balance")
    if opening is None or closing is None:
        findings.add("balance_missing", pointer, "an opening and a closing balance are needed")
        return None
    currency = str(opening.amount.currency)
    if closing.amount.currency != currency:
        findings.add("currency_differs", f"{pointer}/closing", "a balance in another currency than the account's")
    numbers = (about.get("statement_number"), about.get("sequence_number"), about.get("transaction_reference"))
    entries = [t for t in found.transactions if t.data.get("status")]
    account = _ACCOUNT.match(clean(about.get("account_identification")))
    return Statement(
        account=(account[1] if account else "").replace(" ", ""),
        number="/".join(clean(n) for n in numbers if n),
        currency=currency,
        opened_on=_plain(opening.date),
        closed_on=_plain(closing.date),
        opening=_signed(opening.amount.amount, currency, f"{pointer}/opening", findings),
        closing=_signed(closing.amount.amount, currency, f"{pointer}/closing", findings),
        entries=tuple(
            _entry(e.data, currency, place, f"{pointer}/entries/{place}", findings) for place, e in enumerate(entries)
        ),
    )


def _entry(line: dict[str, Any], currency: str, position: int, pointer: str, findings: Findings) -> StatementEntry:
    mark = str(line["status"]).upper()
    direction: Direction = "credit" if mark in ("C", "RD") else "debit"
    value_on = _plain(line["date"])
    booked_on = _plain(line["entry_date"]) if isinstance(line.get("entry_date"), date) else value_on
    if abs(booked_on - value_on) > timedelta(days=330):
        findings.add("date_malformed", f"{pointer}/booked_on", "booked and valued a year apart")
    customer = clean(line.get("customer_reference"))
    details = _details(str(line.get("transaction_details") or ""))
    return StatementEntry(
        position=position,
        direction=direction,
        amount=abs(_signed(line["amount"].amount, currency, pointer, findings)),
        booked_on=booked_on,
        value_on=value_on,
        is_reversal=mark.startswith("R"),
        bank_reference=clean(line.get("bank_reference")),
        end_to_end=details["end_to_end"] or ("" if customer == "NONREF" else customer),
        text=details["text"],
        counterparty_name=details["name"],
        counterparty_account=details["account"],
    )


def _details(raw: str) -> dict[str, str]:
    """:86: as German banks write it (?20 to ?29 and ?60 to ?63 text, ?31 account, ?32 and ?33 name), with words
    between slashes (/REMI/, /EREF/, /NAME/, /IBAN/), or as plain text."""
    packed = raw.replace("\n", "")
    if len(german := _GERMAN.split(packed)) > 1:
        fields = list(zip(german[1::2], german[2::2], strict=True))
        texts = [value for key, value in fields if "20" <= key <= "29" or "60" <= key <= "63"]
        return _found(
            text="\n".join(texts),
            name="".join(value for key, value in fields if key in ("32", "33")),
            account="".join(value for key, value in fields if key in ("31", "38")),
            end_to_end=_labelled("".join(texts), "EREF"),
        )
    if len(slashed := _SLASHED.split(packed)) > 1:
        words = dict(zip(slashed[1::2], slashed[2::2], strict=True))
        return _found(
            text=words.get("REMI", packed),
            name=words.get("NAME", ""),
            account=words.get("IBAN", ""),
            end_to_end=words.get("EREF", ""),
        )
    return _found(text=raw)


def _labelled(text: str, label: str) -> str:
    found = re.search(rf"{label}\+(.{{1,35}}?)(?=[A-Z]{{4}}\+|$)", text)
    return found[1] if found else ""


def _found(*, text: str = "", name: str = "", account: str = "", end_to_end: str = "") -> dict[str, str]:
    return {
        "text": clean(text),
        "name": clean(name),
        "account": clean(account.replace(" ", "")),
        "end_to_end": clean("" if end_to_end == "NOTPROVIDED" else end_to_end),
    }


def _signed(amount: Any, currency: str, pointer: str, findings: Findings) -> int:
    units = findings.amount(f"{abs(amount):f}", currency, pointer)
    return units if amount >= 0 else -units


def _plain(day: date) -> date:
    return date(day.year, day.month, day.day)
