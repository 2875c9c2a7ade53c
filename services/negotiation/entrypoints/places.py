"""Cursors of queues: the place in a queue as opaque text, and what is not one of ours."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from shared.kernel.refusal import Invalid, Reason

Place = tuple[datetime, UUID]
CURSOR_MAX = 64
_MICROSECONDS = 1_000_000
_MOMENT_BYTES = 8


def cursor(place: Place) -> str:
    """Moment (microseconds) and id, as URL-safe text."""
    moment = int(place[0].timestamp() * _MICROSECONDS + 0.5)
    return base64.urlsafe_b64encode(moment.to_bytes(_MOMENT_BYTES) + place[1].bytes).decode().rstrip("=")


def read_cursor(text: str | None) -> Place | None:
    """Raises Invalid for a cursor that we did not make."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        seconds, rest = divmod(int.from_bytes(raw[:_MOMENT_BYTES]), _MICROSECONDS)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
        return moment, UUID(bytes=raw[_MOMENT_BYTES:])
    except (binascii.Error, ValueError, OverflowError, OSError):
        reason = Reason("cursor_invalid", "/query/cursor", "not a cursor of ours")
        raise Invalid("cursor_invalid", "this is no place in the queue", [reason]) from None
