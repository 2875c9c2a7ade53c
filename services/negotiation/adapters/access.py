"""Links, guesses, sessions and looks over PostgreSQL; the API's role sees those of the one case that is bound."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.negotiation.application.access_ports import Ages, FileLook, GuessOutcome, LinkRequest
from services.negotiation.domain.access import LIFE_MAX, Guess, Session

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

GUESSES_READ_MAX = 100
_GUESSES = """
SELECT link_hash, at FROM portal_guesses
WHERE case_id = $1 AND (at > $2 OR link_hash = $3) AND outcome IN ('pending', 'wrong')
ORDER BY at DESC LIMIT $4
"""
_FORGET_CASES = (
    "DELETE FROM portal_sessions WHERE case_id = ANY($1::uuid[])",
    "DELETE FROM portal_guesses WHERE case_id = ANY($1::uuid[])",
    "DELETE FROM portal_link_requests WHERE case_id = ANY($1::uuid[])",
)
_FORGET = "DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {column} < $1 LIMIT $2)"
_ADD_LOOK = """
INSERT INTO file_looks (look_id, case_id, creditor_id, role, looker, what, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_OPEN_SESSION = """
INSERT INTO portal_sessions (key_hash, case_id, creditor_id, role, factor, language, opened_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class SqlAccess:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def is_link_used(self, link: bytes) -> bool:
        return await self._driver.fetchval("SELECT true FROM portal_links WHERE link_hash = $1", link) is not None

    async def use_link(self, link: bytes, case_id: UUID, creditor_id: UUID, at: datetime) -> bool:
        used = await self._driver.fetchval(
            "INSERT INTO portal_links (link_hash, case_id, creditor_id, used_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT DO NOTHING RETURNING true",
            link,
            case_id,
            creditor_id,
            at,
        )
        return used is not None

    async def guesses(self, case_id: UUID, link: bytes, since: datetime) -> list[Guess]:
        rows = await self._driver.fetch(_GUESSES, case_id, since, link, GUESSES_READ_MAX)
        return [Guess(row["link_hash"], row["at"]) for row in rows]

    async def reserve_guess(self, guess_id: UUID, case_id: UUID, creditor_id: UUID, guess: Guess) -> None:
        await self._driver.execute(
            "INSERT INTO portal_guesses (guess_id, link_hash, case_id, creditor_id, at, outcome) "
            "VALUES ($1, $2, $3, $4, $5, 'pending')",
            guess_id,
            guess.link,
            case_id,
            creditor_id,
            guess.at,
        )

    async def settle_guess(self, guess_id: UUID, outcome: GuessOutcome) -> None:
        await self._driver.execute("UPDATE portal_guesses SET outcome = $2 WHERE guess_id = $1", guess_id, outcome)

    async def open_session(self, session: Session) -> None:
        await self._driver.execute(
            "DELETE FROM portal_sessions WHERE case_id = $1 AND opened_at < $2",
            session.case_id,
            session.opened_at - LIFE_MAX,
        )
        await self._driver.execute(
            _OPEN_SESSION,
            session.key_hash,
            session.case_id,
            session.creditor_id,
            session.role,
            session.factor,
            session.language,
            session.opened_at,
            session.seen_at,
        )

    async def session(self, key_hash: bytes) -> Session | None:
        row = await self._driver.fetchrow(
            "SELECT key_hash, case_id, creditor_id, role, factor, language, opened_at, seen_at FROM portal_sessions "
            "WHERE key_hash = $1",
            key_hash,
        )
        return Session(*row) if row else None

    async def note_seen(self, key_hash: bytes, at: datetime) -> None:
        await self._driver.execute("UPDATE portal_sessions SET seen_at = $2 WHERE key_hash = $1", key_hash, at)

    async def close_session(self, key_hash: bytes) -> None:
        await self._driver.execute("DELETE FROM portal_sessions WHERE key_hash = $1", key_hash)

    async def forget_older(self, ages: Ages, limit: int) -> int:
        forgotten = 0
        for statement, before in (
            (_FORGET.format(table="portal_guesses", column="at"), ages.guesses),
            (_FORGET.format(table="portal_sessions", column="opened_at"), ages.sessions),
            (_FORGET.format(table="portal_links", column="used_at"), ages.links),
        ):
            forgotten += int((await self._driver.execute(statement, before, limit)).rpartition(" ")[2])
        return forgotten

    async def forget(self, case_ids: Collection[UUID]) -> None:
        for statement in _FORGET_CASES:
            await self._driver.execute(statement, list(case_ids))

    async def add_look(self, look: FileLook) -> None:
        await self._driver.execute(
            _ADD_LOOK, look.look_id, look.case_id, look.creditor_id, look.role, look.looker, look.what, look.at
        )

    async def looks(self, case_id: UUID, limit: int) -> list[FileLook]:
        rows = await self._driver.fetch(
            "SELECT look_id, case_id, creditor_id, role, looker, what, at FROM file_looks WHERE case_id = $1 "
            "ORDER BY at DESC, look_id DESC LIMIT $2",
            case_id,
            limit,
        )
        return [FileLook(*row) for row in rows]

    async def add_link_request(self, request: LinkRequest) -> None:
        await self._driver.execute(
            "INSERT INTO portal_link_requests (request_id, case_id, creditor_id, asked_at) VALUES ($1, $2, $3, $4)",
            request.request_id,
            request.case_id,
            request.creditor_id,
            request.asked_at,
        )

    async def newest_link_request(self, case_id: UUID) -> LinkRequest | None:
        row = await self._driver.fetchrow(
            "SELECT request_id, case_id, creditor_id, asked_at, answered_at, answered_by FROM portal_link_requests "
            "WHERE case_id = $1 ORDER BY asked_at DESC LIMIT 1",
            case_id,
        )
        return LinkRequest(*row) if row else None

    async def open_link_requests(self, limit: int) -> list[LinkRequest]:
        # The one list over all cases that the API's role may read, and only where it says that it wants to.
        await self._driver.execute("SELECT set_config('app.queue', 'portal_link_requests', true)")
        rows = await self._driver.fetch(
            "SELECT request_id, case_id, creditor_id, asked_at, answered_at, answered_by FROM portal_link_requests "
            "WHERE answered_at IS NULL ORDER BY asked_at, request_id LIMIT $1",
            limit,
        )
        return [LinkRequest(*row) for row in rows]

    async def answer_link_request(self, case_id: UUID, request_id: UUID, by: str) -> bool:
        answered = await self._driver.fetchval(
            "UPDATE portal_link_requests SET answered_at = $3, answered_by = $4 "
            "WHERE case_id = $1 AND request_id = $2 AND answered_at IS NULL RETURNING true",
            case_id,
            request_id,
            self._now,
            by,
        )
        return answered is not None
