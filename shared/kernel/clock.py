"""The clock port: every moment in Concord comes from here, so that a sandbox can drive it and a test can stop it."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = struct.Struct("<q")


class Clock(Protocol):
    """Tells the business time: aware, UTC, microseconds."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """A clock for tests: stands still until told to move, and never moves back."""

    def __init__(self, at: datetime) -> None:
        self._at = _aware(at)

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> datetime:
        if by < timedelta(0):
            raise ValueError("a clock does not run backwards")
        self._at += by
        return self._at


class SandboxClock:
    """One clock for many processes: eight bytes in a file that one driver writes and everybody maps.

    A mapped file and not a service: reading costs no call, a crashed driver leaves the time standing, and an aligned
    eight-byte store is seen whole by readers on the platforms we run on.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        mode, access = ("r+b", mmap.ACCESS_WRITE) if writable else ("rb", mmap.ACCESS_READ)
        with path.open(mode) as file:
            self._memory = mmap.mmap(file.fileno(), _MICROSECONDS.size, access=access)

    @classmethod
    def create(cls, path: Path, at: datetime) -> SandboxClock:
        """Make the file with its first time and open it as the driver."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_MICROSECONDS.pack(_since_epoch(at)))
        return cls(path, writable=True)

    def now(self) -> datetime:
        return _EPOCH + timedelta(microseconds=_MICROSECONDS.unpack_from(self._memory)[0])

    def set(self, at: datetime) -> None:
        """Move to a later time; refuses to go back, because leases and windows would open again."""
        if at < self.now():
            raise ValueError("a clock does not run backwards")
        _MICROSECONDS.pack_into(self._memory, 0, _since_epoch(at))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone is no time")
    return at.astimezone(UTC)


def _since_epoch(at: datetime) -> int:
    return (_aware(at) - _EPOCH) // timedelta(microseconds=1)
