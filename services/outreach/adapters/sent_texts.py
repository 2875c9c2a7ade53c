"""Texts, refusals, daily lists and letters in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import orjson

from services.outreach.application.content_records import IssuedCode, KeptLetter, RefusedText, SentText
from shared.db.transaction import Transaction

_KEEP = """
INSERT INTO sent_texts (attempt_id, case_id, person_id, template, language, variables, content_hash, text_digest, code,
                        kind, issued_on, worded_at, letter_hash)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[],
                     $9::text[], $10::text[], $11::date[], $12::timestamptz[], $13::text[])
ON CONFLICT (attempt_id) DO UPDATE SET
    template = excluded.template, language = excluded.language, variables = excluded.variables,
    content_hash = excluded.content_hash, text_digest = excluded.text_digest, code = excluded.code,
    kind = excluded.kind, issued_on = excluded.issued_on, worded_at = excluded.worded_at,
    letter_hash = excluded.letter_hash
"""
_REFUSE = """
INSERT INTO refused_texts (attempt_id, case_id, person_id, template, rules, refused_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])
ON CONFLICT (attempt_id) DO UPDATE SET
    template = excluded.template, rules = excluded.rules, refused_at = excluded.refused_at, resolved_at = NULL,
    resolved_by = NULL
"""
# A text that was taken back before it left was never ours to the outside: its code is not genuine.
_BY_CODE = """
SELECT t.* FROM sent_texts t JOIN attempts a USING (attempt_id)
WHERE t.code = $1 AND a.state IN ('sending', 'settled') LIMIT 1
"""
_ISSUED_ON = """
SELECT t.code, t.text_digest FROM sent_texts t JOIN attempts a USING (attempt_id)
WHERE t.issued_on = $1 AND a.state IN ('sending', 'settled') LIMIT $2
"""


class SentTextRepository:
    """`Work.sent_texts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, texts: Sequence[SentText]) -> None:
        if not texts:
            return
        rows = [
            (
                text.attempt_id,
                text.case_id,
                text.person_id,
                text.template,
                text.language,
                orjson.dumps(dict(text.variables), option=orjson.OPT_SORT_KEYS).decode(),
                text.content_hash,
                text.text_digest,
                text.code,
                text.kind,
                text.issued_on,
                text.worded_at,
                text.letter_hash,
            )
            for text in texts
        ]
        driver = await self._transaction.driver()
        await driver.execute(_KEEP, *(list(column) for column in zip(*rows, strict=True)))

    async def get(self, attempt_id: UUID) -> SentText | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow("SELECT * FROM sent_texts WHERE attempt_id = $1", attempt_id)
        return None if row is None else _sent_text(row)

    async def by_code(self, code: str) -> SentText | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(_BY_CODE, code)
        return None if row is None else _sent_text(row)

    async def issued_on(self, day: date, limit: int) -> list[IssuedCode]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            _ISSUED_ON,
            day,
            limit,
        )
        return [IssuedCode(row["code"], row["text_digest"]) for row in rows]

    async def unlisted_day(self, before: date) -> date | None:
        driver = await self._transaction.driver()
        day: date | None = await driver.fetchval(
            "SELECT min(t.issued_on) FROM sent_texts t WHERE t.issued_on < $1 AND t.issued_on > "
            "coalesce((SELECT max(issued_on) FROM code_lists), '-infinity'::date)",
            before,
        )
        return day

    async def publish(self, day: date, document: bytes, at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "INSERT INTO code_lists (issued_on, document, published_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            day,
            document,
            at,
        )

    async def list_of(self, day: date) -> bytes | None:
        driver = await self._transaction.driver()
        document: bytes | None = await driver.fetchval("SELECT document FROM code_lists WHERE issued_on = $1", day)
        return document

    async def listed_days(self, limit: int) -> list[date]:
        driver = await self._transaction.driver()
        rows = await driver.fetch("SELECT issued_on FROM code_lists ORDER BY issued_on DESC LIMIT $1", limit)
        return [row["issued_on"] for row in rows]


class RefusedTextRepository:
    """`Work.refused_texts`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, refused: Sequence[RefusedText]) -> None:
        if not refused:
            return
        rows = [
            (
                entry.attempt_id,
                entry.case_id,
                entry.person_id,
                entry.template,
                " ".join(entry.rules),
                entry.refused_at,
            )
            for entry in refused
        ]
        driver = await self._transaction.driver()
        await driver.execute(_REFUSE, *(list(column) for column in zip(*rows, strict=True)))

    async def find(self, *, is_open: bool, limit: int) -> list[RefusedText]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT * FROM refused_texts WHERE (resolved_at IS NULL) = $1 ORDER BY refused_at LIMIT $2", is_open, limit
        )
        return [_refused(row) for row in rows]

    async def resolve(self, attempt_id: UUID, by: str, at: datetime) -> RefusedText | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(
            "UPDATE refused_texts SET resolved_at = $3, resolved_by = $2 "
            "WHERE attempt_id = $1 AND resolved_at IS NULL RETURNING *",
            attempt_id,
            by,
            at,
        )
        return None if row is None else _refused(row)


class LetterRepository:
    """`Work.letters`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, letters: Sequence[KeptLetter]) -> None:
        if not letters:
            return
        driver = await self._transaction.driver()
        await driver.executemany(
            "INSERT INTO letters (attempt_id, person_id, sealed, sha256, keep_until) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (attempt_id) DO UPDATE SET sealed = excluded.sealed, sha256 = excluded.sha256, "
            "keep_until = excluded.keep_until",
            [
                (letter.attempt_id, letter.person_id, letter.sealed, letter.sha256, letter.keep_until)
                for letter in letters
            ],
        )

    async def get(self, attempt_id: UUID) -> KeptLetter | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow("SELECT * FROM letters WHERE attempt_id = $1 AND sealed IS NOT NULL", attempt_id)
        if row is None:
            return None
        return KeptLetter(row["attempt_id"], row["person_id"], row["sealed"], row["sha256"], row["keep_until"])

    async def throw_away(self, limit: int) -> int:
        driver = await self._transaction.driver()
        status = await driver.execute(
            "DELETE FROM letters WHERE attempt_id IN (SELECT attempt_id FROM letters WHERE keep_until <= $1 "
            "ORDER BY keep_until LIMIT $2 FOR UPDATE SKIP LOCKED)",
            self._transaction.now,
            limit,
        )
        return int(status.rsplit(" ", 1)[-1])


def _sent_text(row: asyncpg.Record) -> SentText:
    return SentText(**{**dict(row), "variables": orjson.loads(row["variables"])})


def _refused(row: asyncpg.Record) -> RefusedText:
    return RefusedText(**{**dict(row), "rules": tuple(row["rules"].split())})
