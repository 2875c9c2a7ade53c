"""Identifiers as distinct types, and the time-ordered UUIDs they are made of."""

from __future__ import annotations

import os
import time
from typing import NewType
from uuid import UUID

CaseId = NewType("CaseId", UUID)
PersonId = NewType("PersonId", UUID)
CreditorId = NewType("CreditorId", UUID)
ContactPointId = NewType("ContactPointId", UUID)

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_RANDOM_BITS = ~((0xF << 76) | (0b11 << 62)) & ((1 << 80) - 1)
_LOW_BITS = (1 << 62) - 1
_STEP_BITS = 32
_last = 0


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562, 5.7): 48 bits of milliseconds, then random bits; always above the one before.

    Rising within a millisecond too (6.2, monotonic random): what one process announces in one transaction is told in
    the order in which it was done.

    Ordered by time of making, so that index pages are filled one after the other. It takes the machine's clock, not the
    business clock: the order of rows must not follow a clock that a sandbox may set back.
    """
    global _last  # noqa: PLW0603 - the order is the process's, and so is what it is remembered by
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big") & _RANDOM_BITS
    fresh = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random_bits | _VERSION_AND_VARIANT
    if fresh <= _last:
        step = 1 + (random_bits & ((1 << _STEP_BITS) - 1))
        # Out of room in the low bits (once in some thousand million identifiers): no order for this one, but no clash.
        fresh = _last + step if (_last & _LOW_BITS) + step <= _LOW_BITS else fresh
    _last = fresh
    return UUID(int=fresh)


def lowest_id_at(seconds_since_epoch: float) -> UUID:
    """No identifier made at or after this moment is lower: the border of a range delete by age."""
    return UUID(int=int(seconds_since_epoch * 1_000) << 80)
