"""Evidence of agreements, sealed documents and their codes in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.negotiation.adapters import agreement_tables as tables
from services.negotiation.adapters.arrays import insert_rows
from services.negotiation.application.agreement_ports import (
    Acceptance,
    AcceptanceRecord,
    Document,
    IssuedCode,
    Withdrawal,
)
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

Row = Mapping[str, Any]

DOCUMENTS_MAX = 100
_ACCEPTANCE_COLUMNS = tuple(column.name for column in tables.acceptances.columns)
_DOCUMENT_COLUMNS = tuple(column.name for column in tables.documents.columns if column.name != "content")
_DOCUMENT_FIELDS = ", ".join(_DOCUMENT_COLUMNS)


class SqlAgreements:
    """`Agreements`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def record(self, record: AcceptanceRecord) -> None:
        await insert_rows(self._driver, tables.acceptances, _ACCEPTANCE_COLUMNS, [_acceptance_row(record)])

    async def acceptance(self, plan_id: UUID) -> AcceptanceRecord | None:
        row = await self._driver.fetchrow("SELECT * FROM acceptances WHERE plan_id = $1", plan_id)
        return _acceptance_from(row) if row is not None else None

    async def acceptances(self, case_id: UUID) -> list[AcceptanceRecord]:
        found = await self._driver.fetch(
            "SELECT * FROM acceptances WHERE case_id = $1 ORDER BY accepted_at DESC, plan_id LIMIT $2",
            case_id,
            DOCUMENTS_MAX,
        )
        return [_acceptance_from(row) for row in found]

    async def keep(self, document: Document, content: bytes) -> None:
        values = [(*(getattr(document, name) for name in _DOCUMENT_COLUMNS), content)]
        await insert_rows(self._driver, tables.documents, (*_DOCUMENT_COLUMNS, "content"), values)
        columns = ("code", "kind", "subject_id", "content_hash", "issued_at")
        code = (document.code, document.kind, document.subject_id, document.content_hash, document.created_at)
        await insert_rows(self._driver, tables.issued_codes, columns, [code])

    async def documents(self, case_id: UUID) -> list[Document]:
        found = await self._driver.fetch(
            f"SELECT {_DOCUMENT_FIELDS} FROM documents WHERE case_id = $1 "  # noqa: S608 - names of our own table
            "ORDER BY created_at DESC, document_id LIMIT $2",
            case_id,
            DOCUMENTS_MAX,
        )
        return [_document_from(row) for row in found]

    async def content(self, case_id: UUID, document_id: UUID) -> tuple[Document, bytes]:
        row = await self._driver.fetchrow(
            "SELECT * FROM documents WHERE case_id = $1 AND document_id = $2", case_id, document_id
        )
        if row is None:
            raise NoSuchThing("document")
        return _document_from(row), row["content"]

    async def issued(self, code: str) -> IssuedCode | None:
        row = await self._driver.fetchrow("SELECT * FROM issued_codes WHERE code = $1", code)
        return IssuedCode(**dict(row)) if row is not None else None

    async def withdraw_codes(self, subject_ids: Sequence[UUID]) -> None:
        if subject_ids:
            await self._driver.execute(
                "UPDATE issued_codes SET withdrawn_at = $2 WHERE subject_id = ANY($1::uuid[]) AND withdrawn_at IS NULL",
                list(subject_ids),
                self._now,
            )

    async def add_withdrawal(self, withdrawal: Withdrawal) -> None:
        w = withdrawal
        columns = tuple(column.name for column in tables.withdrawals.columns)
        row = (w.plan_id, w.case_id, w.creditor_id, w.withdrawn_at, w.is_refund_asked, w.paid, w.currency)
        await insert_rows(self._driver, tables.withdrawals, columns, [row])

    async def withdrawal(self, plan_id: UUID) -> Withdrawal | None:
        row = await self._driver.fetchrow("SELECT * FROM withdrawals WHERE plan_id = $1", plan_id)
        return _withdrawal_from(row) if row is not None else None

    async def withdrawals_with_refund(self, limit: int) -> list[Withdrawal]:
        found = await self._driver.fetch(
            "SELECT * FROM withdrawals WHERE is_refund_asked ORDER BY withdrawn_at, plan_id LIMIT $1", limit
        )
        return [_withdrawal_from(row) for row in found]


def _acceptance_row(record: AcceptanceRecord) -> tuple[Any, ...]:
    r, a = record, record.acceptance
    return (
        r.plan_id,
        r.case_id,
        r.creditor_id,
        r.offer_id,
        r.terms_hash,
        r.text_hash,
        r.texts_version,
        r.language,
        r.owed,
        a.how,
        a.shown_text_hash,
        a.second_factor,
        a.session_hash,
        a.network_hash,
        a.idempotency_key,
        r.accepted_at,
        r.cooling_off_until,
        r.document_id,
    )


def _acceptance_from(row: Row) -> AcceptanceRecord:
    return AcceptanceRecord(
        plan_id=row["plan_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        offer_id=row["offer_id"],
        terms_hash=row["terms_hash"],
        text_hash=row["text_hash"],
        texts_version=row["texts_version"],
        language=row["language"],
        owed=row["owed_minor_units"],
        acceptance=Acceptance(
            how=row["how"],
            language=row["language"],
            shown_text_hash=row["shown_text_hash"],
            second_factor=row["second_factor"],
            session_hash=row["session_hash"],
            network_hash=row["network_hash"],
            idempotency_key=row["idempotency_hash"],
        ),
        accepted_at=row["accepted_at"],
        cooling_off_until=row["cooling_off_until"],
        document_id=row["document_id"],
    )


def _document_from(row: Row) -> Document:
    return Document(**{name: row[name] for name in _DOCUMENT_COLUMNS})


def _withdrawal_from(row: Row) -> Withdrawal:
    return Withdrawal(
        plan_id=row["plan_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        withdrawn_at=row["withdrawn_at"],
        is_refund_asked=row["is_refund_asked"],
        paid=row["paid_minor_units"],
        currency=row["currency"],
    )
