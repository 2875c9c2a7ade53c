"""Rows of money in and out to values and back: one table of columns each, in the order of the fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from services.negotiation.application.receipts_ports import Allocation, BankEntry, StatementHead, StoredNotice
from services.negotiation.domain.receipts.intents import Intent, Notice
from services.negotiation.domain.receipts.refunds import Refund

Row = Mapping[str, Any]

# Column by field; where a column has another name than its field, it is because of the unit or the source.
_INTENT = {
    **{name: name for name in ("payment_id", "case_id", "creditor_id", "method", "purpose", "instalment_number")},
    "amount": "amount_minor_units",
    **{name: name for name in ("currency", "return_to", "requested_at", "expires_at", "due_at", "state", "is_paid")},
    **{name: name for name in ("is_charged_back", "paid_on", "attempts", "reference", "address", "review")},
}
_HEAD = {
    **{name: name for name in ("statement_id", "account", "number", "currency", "opened_on", "closed_on")},
    "opening": "opening_minor_units",
    "closing": "closing_minor_units",
    **{name: name for name in ("entry_count", "content_hash", "imported_by", "imported_at")},
}
_ENTRY = {
    **{name: name for name in ("entry_id", "statement_id", "position", "direction")},
    "amount": "amount_minor_units",
    **{name: name for name in ("currency", "booked_on", "value_on", "is_reversal")},
    "charges": "charges_minor_units",
    "references": "found_references",
    "ids": "found_ids",
    **{name: name for name in ("bank_reference_hash", "end_to_end_hash", "payer_hash", "sealed", "sealed_until")},
    **{name: name for name in ("imported_at", "state", "why", "proposals")},
    "explained": "explained_minor_units",
    **{name: name for name in ("ordered_as", "decided_by", "checked_by", "reason", "file_id")},
}
_ALLOCATION = {
    **{name: name for name in ("allocation_id", "entry_id", "case_id")},
    "amount": "amount_minor_units",
    **{name: name for name in ("state", "made_by", "made_at", "reason", "checked_by")},
}
_REFUND = {
    **{name: name for name in ("refund_id", "case_id", "creditor_id", "payment_id")},
    "amount": "amount_minor_units",
    **{name: name for name in ("currency", "reason", "way", "state", "asked_by", "asked_at", "checked_by")},
    **{name: name for name in ("checked_at", "due_at", "attempts", "file_id")},
}
INTENT_COLUMNS = tuple(_INTENT.values())
INTENT_STATE = (
    "due_at",
    "state",
    "is_paid",
    "is_charged_back",
    "paid_on",
    "attempts",
    "reference",
    "address",
    "review",
)
HEAD_COLUMNS = tuple(_HEAD.values())
ENTRY_COLUMNS = tuple(_ENTRY.values())
ENTRY_STATE = (
    *("state", "why", "proposals", "explained_minor_units"),
    *("ordered_as", "decided_by", "checked_by", "reason", "file_id"),
)
ALLOCATION_COLUMNS = tuple(_ALLOCATION.values())
ALLOCATION_STATE = ("state", "checked_by")
REFUND_COLUMNS = tuple(_REFUND.values())
REFUND_STATE = ("state", "checked_by", "checked_at", "due_at", "attempts", "file_id")
NOTICE_COLUMNS = (
    *("notice_id", "payment_id", "case_id", "kind", "amount_minor_units", "currency", "on", "refund_id", "reason"),
    *("received_at", "verdict"),
)


def intent_row(intent: Intent, columns: Sequence[str] = INTENT_COLUMNS) -> tuple[Any, ...]:
    return _row(intent, _INTENT, columns)


def intent_from(row: Row) -> Intent:
    return Intent(**_fields(row, _INTENT))


def head_row(head: StatementHead) -> tuple[Any, ...]:
    return _row(head, _HEAD, HEAD_COLUMNS)


def head_from(row: Row) -> StatementHead:
    return StatementHead(**_fields(row, _HEAD))


def entry_row(entry: BankEntry, columns: Sequence[str] = ENTRY_COLUMNS) -> tuple[Any, ...]:
    values = dict(zip(columns, _row(entry, _ENTRY, columns), strict=True))
    for name in ("found_references", "found_ids", "proposals"):
        if name in values:
            values[name] = orjson.dumps([str(value) for value in values[name]]).decode()
    return tuple(values.values())


def entry_from(row: Row) -> BankEntry:
    fields = _fields(row, _ENTRY)
    fields["references"] = tuple(fields["references"])
    fields["ids"] = tuple(UUID(value) for value in fields["ids"])
    fields["proposals"] = tuple(UUID(value) for value in fields["proposals"])
    return BankEntry(**fields)


def allocation_row(allocation: Allocation, columns: Sequence[str] = ALLOCATION_COLUMNS) -> tuple[Any, ...]:
    return _row(allocation, _ALLOCATION, columns)


def allocation_from(row: Row) -> Allocation:
    return Allocation(**_fields(row, _ALLOCATION))


def refund_row(refund: Refund, columns: Sequence[str] = REFUND_COLUMNS) -> tuple[Any, ...]:
    return _row(refund, _REFUND, columns)


def refund_from(row: Row) -> Refund:
    return Refund(**_fields(row, _REFUND))


def notice_row(stored: StoredNotice) -> tuple[Any, ...]:
    n = stored.notice
    said = (n.notice_id, n.payment_id, stored.case_id, n.kind, n.amount, n.currency, n.on, n.refund_id, n.reason)
    return (*said, stored.received_at, stored.verdict)


def notice_from(row: Row) -> StoredNotice:
    notice = Notice(
        notice_id=row["notice_id"],
        payment_id=row["payment_id"],
        kind=row["kind"],
        amount=row["amount_minor_units"],
        currency=row["currency"],
        on=row["on"],
        refund_id=row["refund_id"],
        reason=row["reason"],
    )
    return StoredNotice(notice, row["case_id"], row["received_at"], row["verdict"])


def _row(value: Any, names: Mapping[str, str], columns: Sequence[str]) -> tuple[Any, ...]:
    fields = {column: field for field, column in names.items()}
    return tuple(getattr(value, fields[column]) for column in columns)


def _fields(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {field: row[column] for field, column in names.items()}
