"""Signed links for borrowers: a token that names a case until a moment, and says nothing else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import datetime
from uuid import UUID

from shared.kernel.refusal import Unidentified

_EXPIRY = struct.Struct(">q")
_MAC_BYTES = 16
_LENGTH = 16 + _EXPIRY.size + _MAC_BYTES


def make_token(secret: bytes, case_id: UUID, expires_at: datetime) -> str:
    """URL-safe text: case, expiry, and a truncated HMAC-SHA256 over both (128 bits)."""
    signed = case_id.bytes + _EXPIRY.pack(int(expires_at.timestamp()))
    return base64.urlsafe_b64encode(signed + _mac(secret, signed)).rstrip(b"=").decode()


def read_token(secret: bytes, token: str, now: datetime) -> UUID:
    """The case. Raises `Unidentified` for a token that is malformed, forged or expired, without saying which."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    signed, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    is_ours = len(raw) == _LENGTH and hmac.compare_digest(mac, _mac(secret, signed))
    if not is_ours or _EXPIRY.unpack(signed[16:])[0] < now.timestamp():
        raise Unidentified("link_invalid", "this link is not valid any more; ask for a new one")
    return UUID(bytes=signed[:16])


def _mac(secret: bytes, signed: bytes) -> bytes:
    return hmac.new(secret, b"borrower-link" + signed, hashlib.sha256).digest()[:_MAC_BYTES]
