"""Sign in to the workbench, and the signed session that says who is there."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import datetime, timedelta

from services.outreach.application.ports import Resources
from services.outreach.application.workbench_records import StaffMemberRow
from shared.kernel.refusal import NotAllowed, Unidentified

SESSION_HOURS = 12
TOKEN_LENGTH_MAX = 512
_EXPIRY = struct.Struct(">q")
_MAC_BYTES = 32


async def sign_in(resources: Resources, address: str, staff_id: str, token: str) -> tuple[StaffMemberRow, str]:
    """Who signed in, and their session. Raises `Unidentified` without saying what was wrong, or `Overloaded`."""
    access = resources.workbench
    access.sign_ins.check(address)
    async with resources.begin() as work:
        member = await work.staff.get(staff_id)
    is_token = hmac.compare_digest(_digest(token[:TOKEN_LENGTH_MAX]), _digest(resources.staff_token))
    if not is_token or member is None or not member.is_active or member.kind != "human":
        access.sign_ins.note_failure(address)
        raise Unidentified("sign_in_wrong", "this id and token do not belong together")
    expires_at = access.wall.now() + timedelta(hours=SESSION_HOURS)
    return member, make_session(access.session_secret, staff_id, expires_at)


def make_session(secret: bytes, staff_id: str, expires_at: datetime) -> str:
    signed = _EXPIRY.pack(int(expires_at.timestamp())) + staff_id.encode()
    return base64.urlsafe_b64encode(signed + _mac(secret, b"session", signed)).rstrip(b"=").decode()


def read_session(secret: bytes, cookie: str | None, now: datetime) -> str:
    """The staff id. Raises `Unidentified` for a session that is missing, malformed, forged or over."""
    try:
        text = (cookie or "")[:TOKEN_LENGTH_MAX]
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    signed, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    is_ours = len(signed) > _EXPIRY.size and hmac.compare_digest(mac, _mac(secret, b"session", signed))
    if not is_ours or _EXPIRY.unpack(signed[: _EXPIRY.size])[0] < now.timestamp():
        raise Unidentified("session_missing", "sign in first")
    return signed[_EXPIRY.size :].decode()


def form_token(secret: bytes, session: str) -> str:
    """What every form of a session carries: another site can send the cookie along, but not this."""
    return base64.urlsafe_b64encode(_mac(secret, b"form", session.encode())[:24]).decode()


def check_form(secret: bytes, session: str, given: str) -> None:
    if not hmac.compare_digest(form_token(secret, session).encode(), given.encode()):
        raise NotAllowed("form_foreign", "this form is not from your session; load the page again")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _mac(secret: bytes, purpose: bytes, signed: bytes) -> bytes:
    return hmac.new(secret, b"outreach.workbench." + purpose + b"." + signed, hashlib.sha256).digest()
