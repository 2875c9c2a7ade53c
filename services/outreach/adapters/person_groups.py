"""Groups of persons who are one human being, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from services.outreach.application.records import CaseKey
from services.outreach.domain.person_groups import Token, join
from shared.db.transaction import Transaction
from shared.kernel.identifiers import new_id

# By the wall clock of the database, as leases are: how soon another service is asked is not a matter of business time.
_CLAIM = """
UPDATE persons SET tokens_due_at = clock_timestamp() + make_interval(secs => $2)
WHERE person_id IN (
    SELECT person_id FROM persons WHERE tokens_due_at <= clock_timestamp()
    ORDER BY tokens_due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING person_id
"""
_ASK_AGAIN = """
UPDATE persons SET token_tries = least(token_tries + 1, 1000),
       tokens_due_at = clock_timestamp() + make_interval(secs => $2)
WHERE person_id = ANY($1::uuid[]) AND tokens_due_at IS NOT NULL
"""
# Who joins groups is alone in it: two who met the same new token at once would make two groups of one person.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('outreach.person_groups'))"
_KNOWN = """
SELECT p.key_id, p.token, p.group_id FROM person_tokens p
JOIN unnest($1::smallint[], $2::bytea[]) AS t (key_id, token) ON t.key_id = p.key_id AND t.token = p.token
"""
_LOCK_PERSONS = """
SELECT person_id, group_id FROM persons
WHERE person_id = ANY($1::uuid[]) OR group_id = ANY($2::uuid[]) ORDER BY person_id FOR UPDATE
"""
_LOCK_GROUPS = "SELECT 1 FROM person_groups WHERE group_id = ANY($1::uuid[]) ORDER BY group_id FOR UPDATE"
_JOIN = """
UPDATE persons p SET group_id = t.group_id, tokens_due_at = clock_timestamp() + make_interval(secs => $3)
FROM unnest($1::uuid[], $2::uuid[]) AS t (person_id, group_id) WHERE p.person_id = t.person_id
"""
_MERGE = """
UPDATE {table} p SET group_id = t.heir FROM unnest($1::uuid[], $2::uuid[]) AS t (gone, heir) WHERE p.group_id = t.gone
"""
_ADD_TOKENS = """
INSERT INTO person_tokens (key_id, token, group_id) SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::uuid[])
"""
_HOLD = """
WITH wanted AS (
    SELECT c.case_id, p.group_id FROM cases c JOIN persons p USING (person_id) WHERE c.case_id = ANY($1::uuid[])),
locked AS (
    SELECT group_id FROM person_groups WHERE group_id IN (SELECT group_id FROM wanted)
    ORDER BY group_id FOR UPDATE {skip})
SELECT w.case_id FROM wanted w LEFT JOIN locked l USING (group_id)
WHERE w.group_id IS NULL OR l.group_id IS NOT NULL
"""
_WAIT, _SKIP = _HOLD.format(skip=""), _HOLD.format(skip="SKIP LOCKED")
_OTHER_CASES = """
WITH these AS (
    SELECT p.person_id, p.group_id FROM persons p
    WHERE p.person_id IN (SELECT person_id FROM cases WHERE case_id = ANY($1::uuid[]))),
alike AS (
    SELECT person_id FROM these
    UNION SELECT m.person_id FROM persons m JOIN these USING (group_id))
SELECT c.case_id, c.person_id, c.creditor_id FROM cases c JOIN alike USING (person_id)
WHERE c.status = 'open' AND c.case_id <> ALL($1::uuid[]) ORDER BY c.case_id
"""


class PersonGroupRepository:
    """`Work.groups`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def claim_due(self, limit: int, lease_s: float) -> list[UUID]:
        driver = await self._transaction.driver()
        return [row["person_id"] for row in await driver.fetch(_CLAIM, limit, lease_s)]

    async def ask_again(self, person_ids: Sequence[UUID], after_s: float) -> None:
        if person_ids:
            driver = await self._transaction.driver()
            await driver.execute(_ASK_AGAIN, sorted(person_ids), after_s)

    async def join(self, tokens: Mapping[UUID, Collection[Token]], ask_after_s: float) -> set[UUID]:
        if not tokens:
            return set()
        driver = await self._transaction.driver()
        await driver.execute(_ALONE)
        asked = sorted({token for found in tokens.values() for token in found})
        rows = await driver.fetch(_KNOWN, [key_id for key_id, _ in asked], [token for _, token in asked])
        known = {(row["key_id"], bytes(row["token"])): row["group_id"] for row in rows}
        # Everybody in a group that may be merged, before the groups: whoever decides locks in this order too.
        locked = await driver.fetch(_LOCK_PERSONS, list(tokens), list(set(known.values())))
        groups = {row["person_id"]: row["group_id"] for row in locked if row["group_id"] is not None}
        here = {row["person_id"] for row in locked}
        asked_of = {person_id: found for person_id, found in tokens.items() if person_id in here and found}
        await driver.execute(_LOCK_GROUPS, sorted({*known.values(), *groups.values()}))
        joined = join(asked_of, known, groups, new_id)
        made = {*joined.group_of.values()} - {*known.values(), *groups.values()}
        await driver.execute("INSERT INTO person_groups (group_id) SELECT unnest($1::uuid[])", sorted(made))
        await driver.execute(_JOIN, list(joined.group_of), list(joined.group_of.values()), ask_after_s)
        if joined.merged:
            gone, heirs = list(joined.merged), list(joined.merged.values())
            await driver.execute(_MERGE.format(table="persons"), gone, heirs)
            await driver.execute(_MERGE.format(table="person_tokens"), gone, heirs)
            await driver.execute("DELETE FROM person_groups WHERE group_id = ANY($1::uuid[])", gone)
        new = joined.tokens
        await driver.execute(_ADD_TOKENS, [k for k, _ in new], [t for _, t in new], list(new.values()))
        return set(joined.group_of) - set(groups)

    async def hold(self, case_ids: Collection[UUID], *, wait: bool = True) -> set[UUID]:
        if not case_ids:
            return set()
        driver = await self._transaction.driver()
        return {row["case_id"] for row in await driver.fetch(_WAIT if wait else _SKIP, list(case_ids))}

    async def other_cases(self, case_ids: Collection[UUID]) -> list[CaseKey]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_OTHER_CASES, list(case_ids))
        return [CaseKey(row["case_id"], row["person_id"], row["creditor_id"]) for row in rows]
