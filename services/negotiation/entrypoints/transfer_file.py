"""The transfer file: pain.001 "customer credit transfer initiation" of ISO 20022, one batch for each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from services.negotiation.application.draw_transfers import Transfer
from services.negotiation.application.receipts_ports import BankDetails
from shared.kernel.money import EXPONENTS

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NAME_MAX = 140


def transfer_file(file_id: UUID, transfers: Sequence[Transfer], bank: BankDetails, at: datetime) -> bytes:
    root = Element("Document", xmlns=NAMESPACE)
    initiation = SubElement(root, "CstmrCdtTrfInitn")
    head = SubElement(initiation, "GrpHdr")
    _leaf(head, "MsgId", file_id.hex)
    _leaf(head, "CreDtTm", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _leaf(head, "NbOfTxs", str(len(transfers)))
    _leaf(SubElement(head, "InitgPty"), "Nm", bank.holder)
    by_currency: dict[str, list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        by_currency[transfer.currency].append(transfer)
    for currency, batch in sorted(by_currency.items()):
        _batch(initiation, f"{file_id.hex[:28]}{currency}", batch, bank, at)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _batch(parent: Element, name: str, transfers: Sequence[Transfer], bank: BankDetails, at: datetime) -> None:
    batch = SubElement(parent, "PmtInf")
    _leaf(batch, "PmtInfId", name)
    _leaf(batch, "PmtMtd", "TRF")
    _leaf(batch, "NbOfTxs", str(len(transfers)))
    _leaf(SubElement(batch, "ReqdExctnDt"), "Dt", at.date().isoformat())
    _leaf(SubElement(batch, "Dbtr"), "Nm", bank.holder)
    _account(SubElement(batch, "DbtrAcct"), bank.account)
    for transfer in transfers:
        entry = SubElement(batch, "CdtTrfTxInf")
        _leaf(SubElement(entry, "PmtId"), "EndToEndId", transfer.transfer_id.hex)
        amount = SubElement(SubElement(entry, "Amt"), "InstdAmt", Ccy=transfer.currency)
        exponent = EXPONENTS[transfer.currency]
        units = str(transfer.amount).rjust(exponent + 1, "0")
        amount.text = f"{units[: len(units) - exponent]}.{units[len(units) - exponent :]}".rstrip(".")
        _leaf(SubElement(entry, "Cdtr"), "Nm", transfer.name[:NAME_MAX] or "-")
        _account(SubElement(entry, "CdtrAcct"), transfer.account)


def _account(parent: Element, account: str) -> None:
    is_iban = len(account) >= 15 and account[:2].isalpha() and account[2:4].isdigit()
    identifier = SubElement(parent, "Id")
    _leaf(identifier if is_iban else SubElement(identifier, "Othr"), "IBAN" if is_iban else "Id", account)


def _leaf(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
