"""Let somebody speak for the borrower: their own software, or an adviser. The borrower may take it back at any time."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.ports import Work
from services.negotiation.domain.conversation import GRANT_DAYS_MAX, GRANTS_MAX, Grant, Holder, Scope
from services.negotiation.domain.refusals import NoSuchThing, TooManyGrants
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Unidentified

TOKEN_PREFIX = "ncg_"  # noqa: S105 - names what follows, so that a leaked token is recognised
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class GivenGrant:
    """A grant with its token, which is shown once and of which only a hash is kept."""

    grant: Grant
    token: str


async def grant_voice(
    work: Work, case_id: UUID, *, holder: Holder, scopes: tuple[Scope, ...], public_key: bytes, days: int
) -> GivenGrant:
    """Raises NoSuchThing, TooManyGrants. `days` beyond the longest are cut to it."""
    case = await case_for_borrower(work, case_id)
    standing = [grant for grant in await work.conversations.grants(case_id) if grant.stands(work.now)]
    if len(standing) >= GRANTS_MAX:
        raise TooManyGrants
    grant = Grant(
        grant_id=new_id(),
        case_id=case_id,
        creditor_id=case.creditor_id,
        holder=holder,
        scopes=scopes,
        public_key=public_key,
        given_at=work.now,
        expires_at=work.now + timedelta(days=min(days, GRANT_DAYS_MAX)),
    )
    # The case is in the token, so that the row is looked for behind the wall of its case and nowhere else.
    token = TOKEN_PREFIX + _text(case_id.bytes + secrets.token_bytes(_SECRET_BYTES))
    await work.conversations.add_grant(grant, _hash(token))
    return GivenGrant(grant, token)


async def revoke_voice(work: Work, case_id: UUID, grant_id: UUID) -> None:
    """Raises NoSuchThing where there is no such grant that stands."""
    await case_for_borrower(work, case_id)
    if not await work.conversations.revoke_grant(case_id, grant_id, work.now):
        raise NoSuchThing("grant")


async def show_voices(work: Work, case_id: UUID) -> list[Grant]:
    """All grants of the case, newest first."""
    return await work.conversations.grants(case_id)


def case_of_token(token: str) -> UUID:
    """The case that a token says it is for; nothing is proven by it. Raises Unidentified."""
    text = token.removeprefix(TOKEN_PREFIX)
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raw = b""
    if not token.startswith(TOKEN_PREFIX) or len(raw) != 16 + _SECRET_BYTES:
        raise _unidentified()
    return UUID(bytes=raw[:16])


async def voice_of(work: Work, token: str) -> Grant:
    """The grant that stands behind a token. Raises Unidentified, without saying why."""
    grant = await work.conversations.grant_by_token(case_of_token(token), _hash(token))
    if grant is None or not grant.stands(work.now):
        raise _unidentified()
    return grant


def _unidentified() -> Unidentified:
    return Unidentified("grant_invalid", "this token does not speak for anybody, or not any more")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
