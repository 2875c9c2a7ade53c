"""camt.053 "bank to customer statement" of ISO 20022, versions 02 to 13, by local names: versions differ little.

Differences that matter: until version 03 a status is text and a party has its name directly; later a status is in `Cd`
and a party in `Pty` or `Agt`. Entries that are not booked are no money yet and are left out, as the balances do.
Entities and document types are refused (defusedxml), so a file cannot grow while it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from services.negotiation.adapters.bank_statements.fields import Findings, Unreadable, clean
from services.negotiation.domain.receipts.statement import ENTRIES_MAX, Direction, Statement, StatementEntry
from shared.kernel.refusal import Reason

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(?:0[2-9]|1[0-3])")
DEPTH_MAX = 40
OPENING_CODES = ("OPBD", "PRCD", "ITBD")
CLOSING_CODES = ("CLBD", "ITBD")


def read(raw: bytes) -> list[Statement]:
    """Raises `Unreadable`."""
    findings = Findings()
    statements = [_statement(element, f"/statements/{i}", findings) for i, element in enumerate(_statements(raw))]
    findings.end()
    return statements


def _statements(raw: bytes) -> list[Element]:
    depth, found, root = 0, [], None
    try:
        for event, element in iterparse(BytesIO(raw), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > DEPTH_MAX:
                raise Unreadable([Reason("xml_too_deep", "", f"at most {DEPTH_MAX} levels")])
            root = element if root is None else root
            if event == "end" and _name(element) == "Stmt":
                found.append(element)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        raise Unreadable([Reason("xml_malformed", "", "no XML without document type and entities")]) from None
    namespace = root.tag.partition("}")[0].lstrip("{") if root is not None else ""
    if NAMESPACE.fullmatch(namespace) is None:
        raise Unreadable([Reason("format_unknown", "", "neither camt.053 (versions 02 to 13) nor MT940")])
    return found


def _statement(element: Element, pointer: str, findings: Findings) -> Statement:
    currency = _text(element, "Acct/Ccy") or _currency_of(_find(element, "Bal/Amt"))
    opened_on, opening = _balance(element, OPENING_CODES, currency, f"{pointer}/opening", findings)
    closed_on, closing = _balance(element, CLOSING_CODES, currency, f"{pointer}/closing", findings)
    number = _text(element, "ElctrncSeqNb") or _text(element, "LglSeqNb")
    entries: list[StatementEntry] = []
    for entry in _all(element, "Ntry"):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) != "BOOK":
            continue
        if len(entries) > ENTRIES_MAX:
            raise Unreadable([*findings.reasons, Reason("too_many_entries", pointer, f"at most {ENTRIES_MAX}")])
        entries += _entries(entry, currency, len(entries), pointer, findings)
    return Statement(
        account=_text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id"),
        number="/".join(filter(None, (number, _text(element, "Id"), _text(element, "StmtPgntn/PgNb")))),
        currency=currency,
        opened_on=opened_on,
        closed_on=closed_on,
        opening=opening,
        closing=closing,
        entries=tuple(entries),
    )


def _balance(
    element: Element, codes: tuple[str, ...], currency: str, pointer: str, findings: Findings
) -> tuple[date, int]:
    """The balance of the first code that the statement has; of several intermediate ones the first opens, the last
    closes (pages of one statement)."""
    by_code: dict[str, list[Element]] = {}
    for balance in _all(element, "Bal"):
        by_code.setdefault(_text(balance, "Tp/CdOrPrtry/Cd"), []).append(balance)
    code = next((code for code in codes if code in by_code), None)
    if code is None:
        findings.add("balance_missing", pointer, "an opening and a closing balance are needed")
        return date.min, 0
    balance = by_code[code][0 if codes is OPENING_CODES else -1]
    if _currency_of(_find(balance, "Amt")) != currency:
        findings.add("currency_differs", pointer, "a balance in another currency than the account's")
    amount = findings.amount(_text(balance, "Amt"), currency, pointer)
    on = findings.day(_text(balance, "Dt/Dt") or _text(balance, "Dt/DtTm"), pointer)
    return on, amount if _direction(balance, pointer, findings) == "credit" else -amount


def _entries(
    entry: Element, currency: str, position: int, statement: str, findings: Findings
) -> Iterator[StatementEntry]:
    """One entry, or the transactions of a batch where the bank lists them: together they are the entry's amount."""
    pointer = f"{statement}/entries/{position}"
    if _currency_of(_find(entry, "Amt")) != currency:
        findings.add("currency_differs", pointer, "an entry in another currency than the account's")
    total = findings.amount(_text(entry, "Amt"), currency, pointer)
    details = [d for group in _all(entry, "NtryDtls") for d in _all(group, "TxDtls")]
    if len(details) < 2:
        yield _entry(entry, details[0] if details else None, total, position, pointer, findings)
        return
    amounts = [findings.amount(_detail_amount(d), currency, pointer) for d in details]
    if sum(amounts) != total:
        findings.add("batch_does_not_add_up", pointer, "the transactions of a batch are not its amount together")
    for part, (detail, amount) in enumerate(zip(details, amounts, strict=True)):
        yield _entry(entry, detail, amount, position + part, pointer, findings, part=part)


def _entry(
    entry: Element,
    detail: Element | None,
    amount: int,
    position: int,
    pointer: str,
    findings: Findings,
    *,
    part: int | None = None,
) -> StatementEntry:
    booked_on = findings.day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"), f"{pointer}/booked_on")
    value = _text(entry, "ValDt/Dt") or _text(entry, "ValDt/DtTm")
    direction = _direction(entry, pointer, findings)
    other = "Dbtr" if direction == "credit" else "Cdtr"
    reference = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    charges = [_text(c, "Amt") for c in (*_all(entry, "Chrgs/Rcrd"), *_all(entry, "Chrgs")) if _text(c, "Amt")]
    mine = _text(detail, "Refs/AcctSvcrRef") or (f"{reference}/{part}" if reference and part is not None else reference)
    return StatementEntry(
        position=position,
        direction=direction,
        amount=amount,
        booked_on=booked_on,
        value_on=findings.day(value, f"{pointer}/value_on") if value else booked_on,
        is_reversal=_text(entry, "RvslInd") in ("true", "1"),
        bank_reference=clean(mine),
        end_to_end=clean(_given(_text(detail, "Refs/EndToEndId"))),
        text=clean("\n".join(_remittance(entry, detail))),
        counterparty_name=clean(_text(detail, f"RltdPties/{other}/Pty/Nm") or _text(detail, f"RltdPties/{other}/Nm")),
        counterparty_account=clean(
            _text(detail, f"RltdPties/{other}Acct/Id/IBAN") or _text(detail, f"RltdPties/{other}Acct/Id/Othr/Id")
        ),
        charges=sum(findings.amount(c, _currency_of(_find(entry, "Amt")), pointer) for c in charges)
        if part is None
        else 0,
    )


def _remittance(entry: Element, detail: Element | None) -> Iterator[str]:
    if detail is not None:
        yield from (e.text or "" for e in _all(detail, "RmtInf/Strd/CdtrRefInf/Ref"))
        yield from (e.text or "" for e in _all(detail, "RmtInf/Ustrd"))
        yield from (e.text or "" for e in _all(detail, "AddtlTxInf"))
    yield from (e.text or "" for e in _all(entry, "AddtlNtryInf"))


def _detail_amount(detail: Element) -> str:
    return _text(detail, "AmtDtls/TxAmt/Amt") or _text(detail, "Amt")


def _direction(element: Element, pointer: str, findings: Findings) -> Direction:
    mark = _text(element, "CdtDbtInd")
    if mark not in ("CRDT", "DBIT"):
        findings.add("direction_missing", pointer, "neither credit nor debit")
    return "debit" if mark == "DBIT" else "credit"


def _given(reference: str) -> str:
    return "" if reference == "NOTPROVIDED" else reference


def _currency_of(amount: Element | None) -> str:
    return amount.get("Ccy", "") if amount is not None else ""


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _all(element: Element, path: str) -> list[Element]:
    found = [element]
    for name in path.split("/"):
        found = [child for parent in found for child in parent if _name(child) == name]
    return found


def _find(element: Element | None, path: str) -> Element | None:
    return next(iter(_all(element, path)), None) if element is not None else None


def _text(element: Element | None, path: str) -> str:
    found = _find(element, path)
    return (found.text or "").strip() if found is not None else ""
