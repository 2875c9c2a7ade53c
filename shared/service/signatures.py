"""Signed requests: HMAC-SHA256 over time, method, path and body, with a key id and a window against replay.

The scheme (documented for lenders in docs/how-to/sign-requests.md):
    Concord-Key-Id:    the key's public name
    Concord-Timestamp: seconds since 1970, within 300 s of the receiver's clock
    Concord-Signature: v1=<hex>[,v1=<hex>...]   several while keys rotate
    signed text:       "<timestamp>.<METHOD>.<path?query>." followed by the raw body
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.kernel.refusal import Unidentified

TOLERANCE_S = 300
KEY_ID_HEADER = "Concord-Key-Id"
TIMESTAMP_HEADER = "Concord-Timestamp"
SIGNATURE_HEADER = "Concord-Signature"
SIGNATURES_MAX = 5


def sign(secret: bytes, *, key_id: str, at: datetime, method: str, path: str, body: bytes) -> dict[str, str]:
    """The three headers of a signed request."""
    timestamp = str(int(at.timestamp()))
    return {
        KEY_ID_HEADER: key_id,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: "v1=" + _mac(secret, timestamp, method, path, body),
    }


def verify(
    secrets: Sequence[bytes], headers: Mapping[str, str], *, now: datetime, method: str, path: str, body: bytes
) -> None:
    """Raise `Unidentified` unless one signature fits one of the key's secrets and the time is fresh.

    The body must be the raw bytes: parsed and written again, it is another text. Says the same for a wrong key and a
    wrong signature, so that neither can be probed for.
    """
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Unidentified("signature_missing", f"{TIMESTAMP_HEADER} and {SIGNATURE_HEADER} are required")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        raise Unidentified("stale_timestamp", f"{TIMESTAMP_HEADER} is more than {TOLERANCE_S} s away from our clock")
    given = headers.get(SIGNATURE_HEADER, "").split(",")[:SIGNATURES_MAX]
    candidates = [entry.strip().removeprefix("v1=") for entry in given if entry.strip().startswith("v1=")]
    expected = [_mac(secret, timestamp, method, path, body) for secret in secrets]
    # Every pair is compared, whatever the first ones said, so that time tells nothing.
    matches = [hmac.compare_digest(a.encode(), b.encode("utf-8", "replace")) for a in expected for b in candidates]
    if not any(matches):
        raise Unidentified("signature_wrong", "the key id or the signature is wrong")


def _mac(secret: bytes, timestamp: str, method: str, path: str, body: bytes) -> str:
    prefix = f"{timestamp}.{method.upper()}.{path}.".encode()
    return hmac.new(secret, prefix + body, hashlib.sha256).hexdigest()
