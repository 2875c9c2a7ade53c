"""Creditors and their keys, rows to domain and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.intake.adapters.tables import creditor_keys, creditors
from services.intake.application.rows import KeyRow
from services.intake.domain.creditor import Creditor, Mandate
from shared.db.transaction import Transaction

TENANTS_MAX = 10_000


class CreditorTable:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    async def find(self, creditor_id: UUID) -> Creditor | None:
        rows = await self._connection.execute(select(creditors).where(creditors.c.creditor_id == creditor_id))
        row = rows.mappings().one_or_none()
        return _from_row(row) if row else None

    async def find_by_key(self, key_id: str, at: datetime) -> tuple[Creditor, bytes] | None:
        is_valid = or_(creditor_keys.c.ends_at.is_(None), creditor_keys.c.ends_at > at)
        statement = (
            select(creditors, creditor_keys.c.secret_sealed)
            .join(creditor_keys, creditor_keys.c.creditor_id == creditors.c.creditor_id)
            .where(and_(creditor_keys.c.key_id == key_id, is_valid))
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return (_from_row(row), row["secret_sealed"]) if row else None

    async def all_ids(self) -> Sequence[UUID]:
        statement = select(creditors.c.creditor_id).order_by(creditors.c.creditor_id).limit(TENANTS_MAX)
        return (await self._connection.execute(statement)).scalars().all()

    async def add(self, creditor: Creditor) -> bool:
        row = {**_to_row(creditor), "creditor_id": creditor.creditor_id, "created_at": self._transaction.now}
        result = await self._connection.execute(insert(creditors).values(row).on_conflict_do_nothing())
        return result.rowcount == 1

    async def replace(self, creditor: Creditor) -> None:
        statement = update(creditors).where(creditors.c.creditor_id == creditor.creditor_id)
        await self._connection.execute(statement.values(_to_row(creditor)))

    async def add_key(self, key: KeyRow) -> None:
        row = {
            "key_id": key.key_id,
            "creditor_id": key.creditor_id,
            "secret_sealed": key.secret_sealed,
            "created_at": self._transaction.now,
        }
        await self._connection.execute(creditor_keys.insert().values(row))

    async def expire_keys(self, creditor_id: UUID, at: datetime) -> None:
        lasting = and_(creditor_keys.c.creditor_id == creditor_id, creditor_keys.c.ends_at.is_(None))
        await self._connection.execute(update(creditor_keys).where(lasting).values(ends_at=at))


def _to_row(creditor: Creditor) -> dict[str, Any]:
    mandate = creditor.mandate
    return {
        "name": creditor.name,
        "licence_number": creditor.licence_number,
        "licence_expires_on": creditor.licence_expires_on,
        "currency": creditor.currency,
        "jurisdiction": creditor.jurisdiction,
        "mandate": {
            "discount_max_basis_points": mandate.discount_max_basis_points,
            "term_months_max": mandate.term_months_max,
            "instalment_min_minor_units": mandate.instalment_min_minor_units,
            "pause_months_max": mandate.pause_months_max,
            "grace_days": mandate.grace_days,
            "allocation_order": list(mandate.allocation_order),
            "version": mandate.version,
        },
    }


def _from_row(row: Mapping[Any, Any]) -> Creditor:
    mandate = dict(row["mandate"])
    mandate["allocation_order"] = tuple(mandate["allocation_order"])
    return Creditor(
        creditor_id=row["creditor_id"],
        name=row["name"],
        licence_number=row["licence_number"],
        licence_expires_on=row["licence_expires_on"],
        currency=row["currency"],
        jurisdiction=row["jurisdiction"],
        mandate=Mandate(**mandate),
    )
