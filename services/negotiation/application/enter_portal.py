"""A borrower opens a link: asked a question, answers it, and holds a key for some hours. The link is used up by it.

Wrong answers are counted before the vault is asked, so that many at once cannot outrun the count.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from services.negotiation.application.access_ports import GuessOutcome, VaultAway
from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.ports import Resources
from services.negotiation.domain.access import (
    GUESS_WINDOW,
    FactorKind,
    FactorWrong,
    Guess,
    LinkUsed,
    Session,
    VisitorRole,
    allow_guess,
)
from services.negotiation.domain.case_file import CaseFile
from shared.kernel.identifiers import new_id
from shared.service.links import read_token

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Entered:
    """The key that its holder shows from now on, and the session behind it."""

    key: str
    session: Session


async def ask_question(resources: Resources, token: str) -> FactorKind:
    """What is asked of who opened this link. Raises Unidentified, LinkUsed, GuessesPaused, VaultAway, NoSuchThing."""
    case_id, link = read_link(resources, token)
    now = resources.portal.machine.now()
    async with resources.begin(case_id) as work:
        await case_for_borrower(work, case_id)
        if await work.access.is_link_used(link):
            raise LinkUsed
        guesses = await work.access.guesses(case_id, link, now - GUESS_WINDOW)
    allow_guess(guesses, link, now)
    return (await resources.portal.factor.check(case_id, None)).kind


async def enter_portal(resources: Resources, token: str, answer: str, *, role: VisitorRole = "borrower") -> Entered:
    """Raises what `ask_question` raises, and FactorWrong."""
    case_id, link = read_link(resources, token)
    now = resources.portal.machine.now()
    guess_id = new_id()
    async with resources.begin(case_id) as work:
        case = await case_for_borrower(work, case_id)
        if await work.access.is_link_used(link):
            raise LinkUsed
        allow_guess(await work.access.guesses(case_id, link, now - GUESS_WINDOW), link, now)
        await work.access.reserve_guess(guess_id, case_id, case.creditor_id, Guess(link, now))
        await work.commit()
    try:
        checked = await resources.portal.factor.check(case_id, answer)
    except VaultAway:
        await _settle(resources, case_id, guess_id, "not_checked")
        raise
    if not checked.is_right:
        await _settle(resources, case_id, guess_id, "wrong")
        raise FactorWrong
    return await _let_in(resources, case, link, guess_id, role, checked.kind)


def read_link(resources: Resources, token: str) -> tuple[UUID, bytes]:
    """The case that a link is about, and what is kept of the link. Raises Unidentified."""
    return read_token(resources.link_secret, token, resources.clock.now()), hashlib.sha256(token.encode()).digest()


def hash_key(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


async def _let_in(
    resources: Resources, case: CaseFile, link: bytes, guess_id: UUID, role: VisitorRole, factor: FactorKind
) -> Entered:
    now = resources.portal.machine.now()
    # The case is named in the key, so that the wall between cases stands in the database before the key is looked up.
    key = f"{case.case_id.hex}{secrets.token_urlsafe(KEY_BYTES)}"
    session = Session(hash_key(key), case.case_id, case.creditor_id, role, factor, case.language, now, now)
    async with resources.begin(case.case_id) as work:
        await work.access.settle_guess(guess_id, "right")
        if not await work.access.use_link(link, case.case_id, case.creditor_id, now):
            raise LinkUsed
        await work.access.open_session(session)
        await work.commit()
    return Entered(key, session)


async def _settle(resources: Resources, case_id: UUID, guess_id: UUID, outcome: GuessOutcome) -> None:
    async with resources.begin(case_id) as work:
        await work.access.settle_guess(guess_id, outcome)
        await work.commit()
