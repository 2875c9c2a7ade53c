"""Bank statements as banks write them: camt.053 in two versions and MT940. All names and accounts are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

AGENCY_ACCOUNT = "DE02100100109307118603"
MONDAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Line:
    """One entry as a test names it; `parts` make it a batch."""

    amount: int
    reference: str = ""
    text: str = ""
    direction: str = "CRDT"
    is_reversal: bool = False
    end_to_end: str = "NOTPROVIDED"
    on: date = MONDAY
    name: str = "Ada Invented"
    account: str = "DE75512108001245126199"
    status: str = "BOOK"
    parts: tuple[tuple[int, str], ...] = ()

    @property
    def signed(self) -> int:
        return (self.amount if self.direction == "CRDT" else -self.amount) if self.status == "BOOK" else 0


@dataclass(frozen=True)
class File:
    """One statement; `closing` may be told to be wrong."""

    lines: tuple[Line, ...]
    number: str = "1"
    currency: str = "USD"
    opening: int = 100_000
    account: str = AGENCY_ACCOUNT
    on: date = MONDAY
    closing_error: int = 0
    extra: str = field(default="")

    @property
    def closing(self) -> int:
        return self.opening + sum(line.signed for line in self.lines) + self.closing_error


def camt(*files: File, version: str = "08") -> bytes:
    body = "".join(_statement(file, version) for file in files)
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    head = "<GrpHdr><MsgId>INVENTED</MsgId><CreDtTm>2026-03-02T20:00:00Z</CreDtTm></GrpHdr>"
    text = f'<Document xmlns="{namespace}"><BkToCstmrStmt>{head}{body}</BkToCstmrStmt></Document>'
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()


def mt940(*files: File) -> bytes:
    return "".join(_message(file) for file in files).encode()


def _decimal(units: int, mark: str = ".") -> str:
    return f"{abs(units) // 100}{mark}{abs(units) % 100:02d}"


def _statement(file: File, version: str) -> str:
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(units, file.currency)}"
        f"<CdtDbtInd>{'CRDT' if units >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{file.on}</Dt></Dt></Bal>"
        for code, units in (("OPBD", file.opening), ("CLBD", file.closing))
    )
    entries = "".join(_entry(line, file.currency, version) for line in file.lines)
    account = f"<Acct><Id><IBAN>{file.account}</IBAN></Id><Ccy>{file.currency}</Ccy></Acct>"
    number = f"<Id>S{file.number}</Id><ElctrncSeqNb>{file.number}</ElctrncSeqNb>"
    return f"<Stmt>{number}{account}{balances}{file.extra}{entries}</Stmt>"


def _amount(units: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{_decimal(units)}</Amt>'


def _entry(line: Line, currency: str, version: str) -> str:
    status = f"<Sts>{line.status}</Sts>" if version < "04" else f"<Sts><Cd>{line.status}</Cd></Sts>"
    parts = line.parts or ((line.amount, line.text),)
    details = "".join(_details(line, units, text, currency, version) for units, text in parts)
    reversal = f"<RvslInd>{str(line.is_reversal).lower()}</RvslInd>"
    reference = f"<AcctSvcrRef>{line.reference}</AcctSvcrRef>" if line.reference else ""
    return (
        f"<Ntry>{_amount(line.amount, currency)}<CdtDbtInd>{line.direction}</CdtDbtInd>{reversal}{status}"
        f"<BookgDt><Dt>{line.on}</Dt></BookgDt><ValDt><Dt>{line.on}</Dt></ValDt>{reference}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(line: Line, units: int, text: str, currency: str, version: str) -> str:
    name = f"<Nm>{line.name}</Nm>" if version < "08" else f"<Pty><Nm>{line.name}</Nm></Pty>"
    other = "Dbtr" if line.direction == "CRDT" else "Cdtr"
    inner = _amount(units, currency)
    amount = f"<AmtDtls><TxAmt>{inner}</TxAmt></AmtDtls>" if version < "08" else inner
    return (
        f"<TxDtls><Refs><EndToEndId>{line.end_to_end}</EndToEndId></Refs>{amount}"
        f"<RltdPties><{other}>{name}</{other}><{other}Acct><Id><IBAN>{line.account}</IBAN></Id></{other}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def _message(file: File) -> str:
    lines = "".join(_line(line) for line in file.lines)
    day = file.on.strftime("%y%m%d")
    opening, closing = (
        f"{'C' if units >= 0 else 'D'}{day}{file.currency}{_decimal(units, ',')}"
        for units in (file.opening, file.closing)
    )
    head = f":20:S{file.number}\n:25:{file.account}\n:28C:{file.number}\n"
    return f"{head}:60F:{opening}\n{lines}:62F:{closing}\n-\n"


def _line(line: Line) -> str:
    mark = {("CRDT", False): "C", ("DBIT", False): "D", ("DBIT", True): "RC", ("CRDT", True): "RD"}
    day = line.on.strftime("%y%m%d")
    customer = line.end_to_end if line.end_to_end != "NOTPROVIDED" else "NONREF"
    reference = f"//{line.reference}" if line.reference else ""
    text = "".join(f"?{20 + i}{line.text[i * 27 : i * 27 + 27]}" for i in range(1 + len(line.text) // 28))
    details = f":86:166?00INVENTED{text}?31{line.account}?32{line.name}"
    kind = mark[line.direction, line.is_reversal]
    return f":61:{day}{day[2:]}{kind}{_decimal(line.amount, ',')}NTRF{customer}{reference}\n{details}\n"
