"""Who sits at counsel's desk: lawyers by a token of their own, the staff who prepare files by the staff's."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.negotiation.application.legal_ports import Counsel
from services.negotiation.application.ports import Resources
from services.negotiation.domain.legal.grounds import digest
from services.negotiation.domain.legal.law import LAWS
from shared.kernel.refusal import Invalid, NotAllowed, Unidentified
from shared.service.staff import staff_id_of

SESSION_HOURS = 10
TOKEN_LENGTH_MAX = 512
Role = Literal["counsel", "staff"]
_EXPIRY = struct.Struct(">q")
_MAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seated:
    """Who is at the desk, and as what."""

    staff_id: str
    role: Role


async def register_counsel(resources: Resources, by: str, counsel_id: str, admitted_in: tuple[str, ...]) -> str:
    """Register a lawyer, or give them a new token. It is answered once; here only its hash stays."""
    if by == counsel_id:
        raise NotAllowed("registers_self", "nobody registers themselves")
    if not admitted_in or not set(admitted_in) <= LAWS.keys():
        raise Invalid("admitted_in", "jurisdictions whose law is on file: " + ", ".join(sorted(LAWS)))
    token = secrets.token_urlsafe(32)
    async with resources.begin(is_staff=True) as work:
        await work.legal.register(Counsel(counsel_id, tuple(sorted(admitted_in)), digest(token), True, by, work.now))
        await work.commit()
    return token


async def end_counsel(resources: Resources, by: str, counsel_id: str) -> None:
    """They sign nothing any more; what they have signed stays."""
    async with resources.begin(is_staff=True) as work:
        known = await work.legal.counsel(counsel_id)
        if known is None:
            raise Invalid("counsel_unknown", "nobody of that id is registered")
        await work.legal.register(Counsel(counsel_id, known.admitted_in, "", False, by, work.now))
        await work.commit()


async def prove_counsel(resources: Resources, address: str, counsel_id: str, token: str) -> None:
    """Raises `Unidentified` unless the token is this lawyer's; too many wrong ones are `Overloaded`."""
    seated = await _seat(resources, address, counsel_id, token)
    if seated.role != "counsel":
        raise Unidentified("sign_in_wrong", "this id and token do not belong together")


async def sign_in(resources: Resources, address: str, staff_id: str, token: str) -> tuple[Seated, str]:
    """Who signed in, and their session. A lawyer's id opens with the lawyer's own token only."""
    seated = await _seat(resources, address, staff_id, token)
    expires_at = resources.portal.machine.now() + timedelta(hours=SESSION_HOURS)
    return seated, make_session(resources.legal.key, seated, expires_at)


async def _seat(resources: Resources, address: str, staff_id: str, token: str) -> Seated:
    desk = resources.legal
    desk.sign_ins.check(address)
    given = token[:TOKEN_LENGTH_MAX]
    try:
        who = staff_id_of(staff_id)
    except Invalid:
        who = ""
    async with resources.begin(is_staff=True) as work:
        counsel = await work.legal.counsel(who) if who else None
    if counsel is not None:
        is_right = counsel.is_active and hmac.compare_digest(digest(given), counsel.token_hash)
    else:
        is_right = bool(who) and hmac.compare_digest(digest(given), digest(resources.staff_token))
    if not is_right:
        desk.sign_ins.note_failure(address)
        raise Unidentified("sign_in_wrong", "this id and token do not belong together")
    return Seated(who, "counsel" if counsel is not None else "staff")


def make_session(key: bytes, seated: Seated, expires_at: datetime) -> str:
    signed = _EXPIRY.pack(int(expires_at.timestamp())) + f"{seated.role} {seated.staff_id}".encode()
    return base64.urlsafe_b64encode(signed + _mac(key, b"session", signed)).rstrip(b"=").decode()


def read_session(key: bytes, cookie: str, now: datetime) -> Seated:
    """Raises `Unidentified` for a session that is missing, malformed, forged or over."""
    try:
        text = cookie[:TOKEN_LENGTH_MAX]
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    signed, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    is_ours = len(signed) > _EXPIRY.size and hmac.compare_digest(mac, _mac(key, b"session", signed))
    if not is_ours or _EXPIRY.unpack(signed[: _EXPIRY.size])[0] < now.timestamp():
        raise Unidentified("session_missing", "sign in first")
    role, staff_id = signed[_EXPIRY.size :].decode().split(" ", 1)
    return Seated(staff_id, "counsel" if role == "counsel" else "staff")


def form_token(key: bytes, session: str) -> str:
    """What every form of a session carries: another site can send the cookie along, but not this."""
    return base64.urlsafe_b64encode(_mac(key, b"form", session.encode())[:24]).decode()


def check_form(key: bytes, session: str, given: str) -> None:
    if not hmac.compare_digest(form_token(key, session).encode(), given.encode()):
        raise NotAllowed("form_foreign", "this form is not from your session; load the page again")


def _mac(key: bytes, purpose: bytes, signed: bytes) -> bytes:
    return hmac.new(key, b"negotiation.counsel." + purpose + b"." + signed, hashlib.sha256).digest()
