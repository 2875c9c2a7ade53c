"""The staff and their certificates in PostgreSQL; certificates, revocations and unmaskings are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from services.outreach.adapters.workbench_tables import (
    certificate_revocations,
    certificates,
    staff_members,
    unmaskings,
)
from services.outreach.application.workbench_records import CertificateRow, StaffMemberRow, Unmasking
from shared.db.transaction import Transaction

STAFF_MAX = 5_000


class StaffRepository:
    """`Work.staff`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def save(self, member: StaffMemberRow, at: datetime) -> None:
        values = {
            "staff_id": member.staff_id,
            "kind": member.kind,
            "languages": list(member.languages),
            "capacity": member.capacity,
            "is_active": member.is_active,
            "recorded_at": at,
        }
        statement = upsert(staff_members).values(values)
        changed = {name: value for name, value in values.items() if name not in ("staff_id", "recorded_at")}
        await self._transaction.connection.execute(
            statement.on_conflict_do_update(index_elements=["staff_id"], set_=changed)
        )

    async def get(self, staff_id: str, *, lock: bool = False) -> StaffMemberRow | None:
        statement = select(staff_members).where(staff_members.c.staff_id == staff_id)
        found = await self._transaction.connection.execute(statement.with_for_update() if lock else statement)
        row = found.mappings().first()
        return _member(row) if row is not None else None

    async def all(self) -> Sequence[StaffMemberRow]:
        found = await self._transaction.connection.execute(
            select(staff_members).order_by(staff_members.c.staff_id).limit(STAFF_MAX)
        )
        return [_member(row) for row in found.mappings()]

    async def add_certificate(self, certificate: CertificateRow) -> None:
        await self._transaction.connection.execute(
            insert(certificates).values(
                certificate_id=certificate.certificate_id,
                staff_id=certificate.staff_id,
                kind=certificate.kind,
                issued_on=certificate.issued_on,
                valid_until=certificate.valid_until,
                issued_by=certificate.issued_by,
                recorded_at=certificate.recorded_at,
            )
        )

    async def certificate(self, certificate_id: UUID) -> CertificateRow | None:
        found = await self._transaction.connection.execute(
            _certificates().where(certificates.c.certificate_id == certificate_id)
        )
        row = found.mappings().first()
        return CertificateRow(**row) if row is not None else None

    async def revoke(self, certificate_id: UUID, reason: str, by: str, at: datetime) -> bool:
        added = await self._transaction.connection.execute(
            upsert(certificate_revocations)
            .values(certificate_id=certificate_id, reason=reason, revoked_by=by, revoked_at=at)
            .on_conflict_do_nothing()
            .returning(certificate_revocations.c.certificate_id)
        )
        return added.first() is not None

    async def certificates(self, staff_id: str | None, limit: int) -> Sequence[CertificateRow]:
        statement = _certificates().order_by(certificates.c.valid_until.desc(), certificates.c.certificate_id)
        if staff_id is not None:
            statement = statement.where(certificates.c.staff_id == staff_id)
        found = await self._transaction.connection.execute(statement.limit(limit))
        return [CertificateRow(**row) for row in found.mappings()]

    async def journal(self, unmasking: Unmasking) -> None:
        await self._transaction.connection.execute(
            insert(unmaskings).values({column.name: getattr(unmasking, column.name) for column in unmaskings.c})
        )


def _certificates() -> Select[Any]:
    revoked = certificate_revocations.c
    return select(
        certificates,
        revoked.revoked_at,
        revoked.revoked_by,
        revoked.reason.label("revocation_reason"),
    ).outerjoin(certificate_revocations, revoked.certificate_id == certificates.c.certificate_id)


def _member(row: RowMapping) -> StaffMemberRow:
    return StaffMemberRow(
        staff_id=row["staff_id"],
        kind=row["kind"],
        languages=tuple(row["languages"]),
        capacity=row["capacity"],
        is_active=row["is_active"],
    )
