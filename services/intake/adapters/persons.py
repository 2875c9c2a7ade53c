"""The vault's rows: persons and contact points, sealed and indexed; nothing here can open them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, or_, select, update

from services.intake.adapters.columns import insert_columns, insert_new, update_columns
from services.intake.adapters.tables import accounts, cases, contact_points, creditors, persons
from services.intake.application.rows import (
    ContactPointRow,
    ContactPointView,
    FactorView,
    IdentityView,
    KnownPerson,
    PersonRow,
    PersonView,
)
from services.intake.domain.refusals import PlacedMeanwhile
from shared.db.transaction import Transaction

# The tenants' indexes of one value differ, so each is asked for under its own tenant.
_FIND_BY_VALUE = """
SELECT p.contact_point_id, p.person_id, array_agg(c.case_id ORDER BY c.case_id) AS case_ids
FROM unnest($1::uuid[], $2::bytea[]) AS t (creditor_id, value_index)
JOIN contact_points p ON p.creditor_id = t.creditor_id AND p.value_index = t.value_index
JOIN cases c ON c.person_id = p.person_id
GROUP BY p.contact_point_id, p.person_id
ORDER BY p.contact_point_id
LIMIT 1000
"""
_IDENTITIES = """
SELECT person_id, creditor_id, wrapped_key, name_sealed, identity_sealed, born_sealed
FROM persons WHERE person_id = ANY($1::uuid[]) ORDER BY person_id
"""
_ADDRESSES = """
SELECT person_id, contact_point_id, kind, value_sealed FROM contact_points WHERE person_id = ANY($1::uuid[])
ORDER BY contact_point_id LIMIT 20000
"""


class PersonTable:
    def __init__(self, transaction: Transaction, tenant: UUID | None) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._tenant = tenant

    async def known(self, identity_indexes: Sequence[bytes], person_ids: Sequence[UUID]) -> Sequence[KnownPerson]:
        statement = (
            select(persons.c.person_id, persons.c.wrapped_key, persons.c.identity_index)
            .where(or_(persons.c.identity_index.in_(identity_indexes), persons.c.person_id.in_(person_ids)))
            .where(persons.c.creditor_id == self._tenant)
            .order_by(persons.c.person_id)
            .with_for_update(read=True, key_share=True)
        )
        rows = (await self._connection.execute(statement)).all()
        if not rows:
            return []
        points: dict[UUID, dict[bytes, UUID]] = defaultdict(dict)
        found = await self._connection.execute(
            select(contact_points.c.person_id, contact_points.c.value_index, contact_points.c.contact_point_id).where(
                contact_points.c.creditor_id == self._tenant,
                contact_points.c.person_id.in_([row.person_id for row in rows]),
            )
        )
        for person_id, index, contact_point_id in found:
            points[person_id][index] = contact_point_id
        return [KnownPerson(r.person_id, r.wrapped_key, r.identity_index, points[r.person_id]) for r in rows]

    async def add(self, people: Sequence[PersonRow]) -> None:
        if not people:
            return
        columns, same = _person_columns(people), self._same()
        if await insert_new(self._transaction, persons, columns, same=same, key="identity_index") != len(people):
            raise PlacedMeanwhile

    async def renew(self, people: Sequence[PersonRow]) -> None:
        """A known identity is not forgotten by a record that leaves it out."""
        for row in people:
            changes = {"name_sealed": row.name_sealed, "language": row.language}
            for name in ("identity_sealed", "identity_index", "born_sealed", "region"):
                if getattr(row, name) is not None:
                    changes[name] = getattr(row, name)
            await self._connection.execute(update(persons).where(persons.c.person_id == row.person_id).values(changes))

    async def add_contact_points(self, points: Sequence[ContactPointRow]) -> None:
        if not points:
            return
        await insert_columns(self._transaction, contact_points, _contact_point_columns(points), same=self._same())

    async def renew_contact_points(self, points: Sequence[ContactPointRow]) -> None:
        if points:
            columns = _contact_point_columns(points)
            del columns["person_id"], columns["value_index"]
            await update_columns(self._transaction, contact_points, columns, key="contact_point_id")

    async def contact_points(self, person_id: UUID) -> Sequence[ContactPointRow]:
        statement = (
            select(contact_points)
            .where(contact_points.c.person_id == person_id, contact_points.c.creditor_id == self._tenant)
            .order_by(contact_points.c.contact_point_id)
        )
        return [_contact_point(row) for row in (await self._connection.execute(statement)).mappings()]

    async def reveal(self, contact_point_ids: Sequence[UUID]) -> Sequence[ContactPointView]:
        statement = (
            select(
                contact_points.c.contact_point_id,
                contact_points.c.creditor_id,
                contact_points.c.person_id,
                contact_points.c.kind,
                persons.c.language,
                persons.c.wrapped_key,
                contact_points.c.value_sealed,
                persons.c.name_sealed,
            )
            .join(persons, persons.c.person_id == contact_points.c.person_id)
            .where(contact_points.c.contact_point_id.in_(contact_point_ids))
        )
        return [ContactPointView(*row) for row in await self._connection.execute(statement)]

    async def reveal_by_case(self, case_ids: Sequence[UUID]) -> Sequence[PersonView]:
        statement = (
            select(
                cases.c.case_id,
                cases.c.creditor_id,
                creditors.c.name,
                persons.c.person_id,
                persons.c.wrapped_key,
                persons.c.name_sealed,
                accounts.c.number_sealed,
            )
            .join(persons, persons.c.person_id == cases.c.person_id)
            .join(creditors, creditors.c.creditor_id == cases.c.creditor_id)
            .join(accounts, accounts.c.account_id == cases.c.account_id)
            .where(cases.c.case_id.in_(case_ids))
        )
        return [PersonView(*row) for row in await self._connection.execute(statement)]

    async def factor(self, case_id: UUID) -> FactorView | None:
        statement = (
            select(
                cases.c.creditor_id,
                persons.c.person_id,
                persons.c.wrapped_key,
                persons.c.born_sealed,
                accounts.c.number_sealed,
            )
            .join(persons, persons.c.person_id == cases.c.person_id)
            .join(accounts, accounts.c.account_id == cases.c.account_id)
            .where(cases.c.case_id == case_id)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return FactorView(*row) if row else None

    async def identities(self, person_ids: Sequence[UUID]) -> Sequence[IdentityView]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_IDENTITIES, list(person_ids))
        unnamed = [row["person_id"] for row in rows if not (row["identity_sealed"] or row["born_sealed"])]
        addresses: dict[UUID, list[tuple[UUID, str, bytes]]] = defaultdict(list)
        for row in await driver.fetch(_ADDRESSES, unnamed) if unnamed else ():
            addresses[row["person_id"]].append((row["contact_point_id"], row["kind"], row["value_sealed"]))
        return [
            IdentityView(
                person_id=row["person_id"],
                creditor_id=row["creditor_id"],
                wrapped_key=row["wrapped_key"],
                name_sealed=row["name_sealed"],
                identity_sealed=row["identity_sealed"],
                born_sealed=row["born_sealed"],
                addresses=tuple(addresses[row["person_id"]]),
            )
            for row in rows
        ]

    async def find_by_value(self, indexes: Mapping[UUID, bytes]) -> Sequence[tuple[UUID, UUID, tuple[UUID, ...]]]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_FIND_BY_VALUE, list(indexes), list(indexes.values()))
        return [(row["contact_point_id"], row["person_id"], tuple(row["case_ids"])) for row in rows]

    async def erase(self, person_id: UUID) -> bool:
        """Contact points go with the row (ON DELETE CASCADE)."""
        gone = await self._connection.execute(delete(persons).where(persons.c.person_id == person_id))
        await self._connection.execute(
            update(accounts).where(accounts.c.person_id == person_id).values(number_index=None, number_sealed=None)
        )
        return gone.rowcount == 1

    def _same(self) -> dict[str, Any]:
        return {"creditor_id": self._tenant, "created_at": self._transaction.now}


def _person_columns(rows: Sequence[PersonRow]) -> dict[str, list[Any]]:
    return {
        "person_id": [row.person_id for row in rows],
        "wrapped_key": [row.wrapped_key for row in rows],
        "name_sealed": [row.name_sealed for row in rows],
        "identity_sealed": [row.identity_sealed for row in rows],
        "identity_index": [row.identity_index for row in rows],
        "born_sealed": [row.born_sealed for row in rows],
        "language": [row.language for row in rows],
        "region": [row.region for row in rows],
    }


def _contact_point_columns(rows: Sequence[ContactPointRow]) -> dict[str, list[Any]]:
    return {
        "contact_point_id": [row.contact_point_id for row in rows],
        "person_id": [row.person_id for row in rows],
        "kind": [row.kind for row in rows],
        "place": [row.place for row in rows],
        "is_verified": [row.is_verified for row in rows],
        "may_be_used": [row.may_be_used for row in rows],
        "time_zones": [orjson.dumps(row.time_zones).decode() for row in rows],
        "value_sealed": [row.value_sealed for row in rows],
        "value_index": [row.value_index for row in rows],
    }


def _contact_point(row: Mapping[Any, Any]) -> ContactPointRow:
    return ContactPointRow(
        contact_point_id=row["contact_point_id"],
        person_id=row["person_id"],
        kind=row["kind"],
        place=row["place"],
        is_verified=row["is_verified"],
        may_be_used=row["may_be_used"],
        time_zones=tuple(row["time_zones"]),
        value_sealed=row["value_sealed"],
        value_index=row["value_index"],
    )
