"""Persons, their contact points, what they refused and asked for, in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson

from services.outreach.domain.case_file import ContactPoint
from services.outreach.domain.gate.facts import InconvenientTime
from shared.db.transaction import Transaction
from shared.kernel.identifiers import new_id

_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_ADD_PERSONS = """
INSERT INTO persons (person_id, points_as_of)
SELECT person_id, as_of FROM unnest($1::uuid[], $2::timestamptz[]) AS t (person_id, as_of) ORDER BY person_id
ON CONFLICT (person_id) DO NOTHING
"""
_ASK_ANEW = """
UPDATE persons SET tokens_due_at = clock_timestamp()
WHERE person_id = ANY($1::uuid[]) AND group_id IS NOT NULL AND NOT is_erased
"""
_FORGET_TOKENS = """
WITH gone AS (
    UPDATE persons SET is_erased = true, inconvenient_times = '[]', tokens_due_at = NULL
    WHERE person_id = ANY($1::uuid[]) RETURNING group_id)
DELETE FROM person_tokens WHERE group_id IN (SELECT group_id FROM gone) AND NOT EXISTS (
    SELECT 1 FROM persons p
    WHERE p.group_id = person_tokens.group_id AND NOT p.is_erased AND p.person_id <> ALL($1::uuid[]))
"""
_ADD_POINTS = """
INSERT INTO contact_points
    (contact_point_id, person_id, kind, place, time_zones, is_verified, may_be_used, position)
SELECT t.contact_point_id, t.person_id, t.kind, t.place, string_to_array(t.zones, ','), t.is_verified, t.may_be_used,
       t.position
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::bool[], $8::smallint[],
            $9::timestamptz[])
     AS t (contact_point_id, person_id, kind, place, zones, is_verified, may_be_used, position, as_of)
JOIN persons p ON p.person_id = t.person_id AND p.points_as_of <= t.as_of AND NOT p.is_erased
ORDER BY t.contact_point_id
ON CONFLICT (contact_point_id) DO UPDATE SET
    kind = excluded.kind, place = excluded.place, time_zones = excluded.time_zones,
    is_verified = excluded.is_verified, may_be_used = excluded.may_be_used, is_current = true,
    position = excluded.position
"""


class PersonRepository:
    """`Work.persons`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, points: Mapping[UUID, Sequence[ContactPoint]], as_of: Mapping[UUID, datetime]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(_ADD_PERSONS, list(points), [as_of[person_id] for person_id in points])
        # Known already, and placed again: by another number perhaps, which another lender knows them by.
        await driver.execute(_ASK_ANEW, list(points))
        await self._add_points(points, as_of)

    async def cases_of(self, person_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
        driver = await self._transaction.driver()
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for row in await driver.fetch(
            "SELECT person_id, case_id FROM cases WHERE person_id = ANY($1::uuid[]) ORDER BY case_id", list(person_ids)
        ):
            found[row["person_id"]].append(row["case_id"])
        return dict(found)

    async def replace_points(
        self, points: Mapping[UUID, Sequence[ContactPoint]], as_of: Mapping[UUID, datetime]
    ) -> None:
        if not points:
            return
        driver = await self._transaction.driver()
        await driver.execute(_ADD_PERSONS, list(points), [_NEVER] * len(points))
        newer = await driver.fetch(
            "UPDATE persons p SET points_as_of = t.at FROM unnest($1::uuid[], $2::timestamptz[]) AS t (person_id, at) "
            "WHERE p.person_id = t.person_id AND p.points_as_of <= t.at RETURNING p.person_id",
            list(points),
            [as_of[person_id] for person_id in points],
        )
        persons = [row["person_id"] for row in newer]
        await driver.execute("UPDATE contact_points SET is_current = false WHERE person_id = ANY($1::uuid[])", persons)
        await self._add_points({person_id: points[person_id] for person_id in persons}, as_of)

    async def _add_points(
        self,
        points: Mapping[UUID, Sequence[ContactPoint]],
        as_of: Mapping[UUID, datetime],
    ) -> None:
        rows = [
            (
                point.contact_point_id,
                person_id,
                point.kind,
                point.place,
                ",".join(point.time_zones),
                point.is_verified,
                point.may_be_used,
                position,
                as_of[person_id],
            )
            for person_id, entries in points.items()
            for position, point in enumerate(entries)
        ]
        if rows:
            driver = await self._transaction.driver()
            await driver.execute(_ADD_POINTS, *(list(column) for column in zip(*rows, strict=True)))

    async def add_opt_out(self, person_id: UUID, channel: str, contact_point_id: UUID | None, at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "INSERT INTO opt_outs (opt_out_id, person_id, channel, contact_point_id, received_at) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            new_id(),
            person_id,
            channel,
            contact_point_id,
            at,
        )

    async def mark_wrong(self, contact_point_id: UUID) -> None:
        driver = await self._transaction.driver()
        await driver.execute("UPDATE contact_points SET is_wrong = true WHERE contact_point_id = $1", contact_point_id)

    async def mark_represented(self, person_id: UUID) -> None:
        driver = await self._transaction.driver()
        await driver.execute("UPDATE persons SET is_represented = true WHERE person_id = $1", person_id)

    async def set_inconvenient_times(self, person_id: UUID, times: Sequence[InconvenientTime]) -> None:
        driver = await self._transaction.driver()
        document = [
            {
                "days": list(entry.days),
                "begins": entry.begins.isoformat(),
                "ends": entry.ends.isoformat() if entry.ends else None,
                "last_on": entry.last_on.isoformat() if entry.last_on else None,
            }
            for entry in times
        ]
        await driver.execute(
            "UPDATE persons SET inconvenient_times = $2 WHERE person_id = $1",
            person_id,
            orjson.dumps(document).decode(),
        )

    async def erase(self, person_ids: Collection[UUID]) -> None:
        driver = await self._transaction.driver()
        persons = list(person_ids)
        await driver.execute(_ADD_PERSONS, persons, [_NEVER] * len(persons))
        # The group stays: what was tried counts on. The tokens go with the last person who has them.
        await driver.execute(_FORGET_TOKENS, persons)
        await driver.execute("DELETE FROM contact_points WHERE person_id = ANY($1::uuid[])", persons)
        await driver.execute("UPDATE replies SET text_sealed = NULL WHERE person_id = ANY($1::uuid[])", persons)
        await driver.execute("UPDATE call_notes SET words_sealed = NULL WHERE person_id = ANY($1::uuid[])", persons)
        await driver.execute("DELETE FROM inbox_messages WHERE person_id = ANY($1::uuid[])", persons)
        await driver.execute("UPDATE desk_answers SET sealed = NULL WHERE person_id = ANY($1::uuid[])", persons)
        await driver.execute("UPDATE letters SET sealed = NULL WHERE person_id = ANY($1::uuid[])", persons)
