"""A key is shown: the case it opens, noted as a look at the file. And the end of a visit."""

from __future__ import annotations

from uuid import UUID

from services.negotiation.application.access_ports import FileLook
from services.negotiation.application.enter_portal import KEY_BYTES, hash_key
from services.negotiation.application.ports import Resources
from services.negotiation.domain.access import NotEntered, Session
from shared.kernel.identifiers import new_id

CASE_CHARACTERS = 32
KEY_LENGTH = CASE_CHARACTERS + (KEY_BYTES * 8 + 5) // 6


async def visit_portal(resources: Resources, key: str, what: str) -> Session:
    """The session of a key. Every use of the file is recorded: the borrower may see who looked. Raises NotEntered."""
    case_id = _case_in(key)
    now = resources.portal.machine.now()
    async with resources.begin(case_id) as work:
        session = await work.access.session(hash_key(key))
        if session is None or not session.is_open(now):
            raise NotEntered
        if session.must_note(now):
            await work.access.note_seen(session.key_hash, now)
        look = FileLook(new_id(), case_id, session.creditor_id, session.role, "", what, work.now)
        await work.access.add_look(look)
        await work.commit()
    return session


async def leave_portal(resources: Resources, key: str) -> None:
    """The key opens nothing any more. Raises NotEntered for what is no key."""
    case_id = _case_in(key)
    async with resources.begin(case_id) as work:
        await work.access.close_session(hash_key(key))
        await work.commit()


def _case_in(key: str) -> UUID:
    if len(key) != KEY_LENGTH or not key.isascii():
        raise NotEntered
    try:
        return UUID(hex=key[:CASE_CHARACTERS])
    except ValueError:
        raise NotEntered from None
