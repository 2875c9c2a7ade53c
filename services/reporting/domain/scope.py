"""Who may see what: staff everything, a lender its own; and the signed tokens that say which of the two somebody is.

A token is `<purpose>.<base64url of payload || expiry || HMAC-SHA256>`. The purpose is under the signature, so that a
console session never passes for a lender's token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.kernel.refusal import NotAllowed, NotFound, Unidentified

Purpose = Literal["lender", "session"]

ALL_TENANTS = "*"
_EXPIRY = struct.Struct(">q")
_MAC_BYTES = 32
_STAFF = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Scope:
    """`creditor_id` None: staff."""

    creditor_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        return self.creditor_id is None

    @property
    def tenant(self) -> str:
        """What row-level security compares a row's creditor with."""
        return ALL_TENANTS if self.creditor_id is None else str(self.creditor_id)

    def require_staff(self) -> None:
        if not self.is_staff:
            raise NotAllowed("staff_only", "this is for the agency's staff")

    def require_creditor(self, creditor_id: UUID) -> None:
        """Another lender's things do not exist for a lender."""
        if self.creditor_id not in (None, creditor_id):
            raise NotFound("not_found", "there is no such creditor")


STAFF = Scope()


def make_lender_token(secret: bytes, creditor_id: UUID, expires_at: datetime) -> str:
    return _make(secret, "lender", creditor_id, expires_at)


def make_session(secret: bytes, expires_at: datetime) -> str:
    return _make(secret, "session", _STAFF, expires_at)


def read_lender_token(secret: bytes, token: str, now: datetime) -> Scope:
    """Raises `Unidentified` for a token that is malformed, forged or expired, without saying which."""
    return Scope(_read(secret, "lender", token, now))


def read_session(secret: bytes, token: str, now: datetime) -> Scope:
    """Raises `Unidentified` as above."""
    _read(secret, "session", token, now)
    return STAFF


def is_same_secret(given: str, expected: str) -> bool:
    """Compares in constant time, whatever the lengths."""
    return hmac.compare_digest(hashlib.sha256(given.encode()).digest(), hashlib.sha256(expected.encode()).digest())


def _make(secret: bytes, purpose: Purpose, subject: UUID, expires_at: datetime) -> str:
    signed = subject.bytes + _EXPIRY.pack(int(expires_at.timestamp()))
    return f"{purpose}." + base64.urlsafe_b64encode(signed + _mac(secret, purpose, signed)).rstrip(b"=").decode()


def _read(secret: bytes, purpose: Purpose, token: str, now: datetime) -> UUID:
    encoded = token.removeprefix(f"{purpose}.")
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    signed, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    is_ours = len(signed) == 16 + _EXPIRY.size and hmac.compare_digest(mac, _mac(secret, purpose, signed))
    if not is_ours or _EXPIRY.unpack(signed[16:])[0] < now.timestamp():
        raise Unidentified("token_invalid", "this token is not valid, or not any more")
    return UUID(bytes=signed[:16])


def _mac(secret: bytes, purpose: Purpose, signed: bytes) -> bytes:
    return hmac.new(secret, b"reporting." + purpose.encode() + b"." + signed, hashlib.sha256).digest()
