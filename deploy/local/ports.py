"""Picks ports: the preferred one where it is free, else another one and a sentence that says who has it."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

from deploy.local.errors import StackError

HOST = "127.0.0.1"

# Below the ephemeral ranges of Linux and macOS, so that no outgoing connection takes a port between pick and listen.
_SUBSTITUTES = range(20_000, 29_000)


class Ports:
    """The ports of one stack, reserved against other stacks of the same user until released.

    A free port is not enough: two stacks that start in the same second both find it free. Each port taken here is
    also a locked file in the machine's temporary folder, which the kernel unlocks when the run ends, however it ends.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._folder = Path(tempfile.gettempdir()) / f"concord-ports-{os.getuid()}"
        self._reservations: dict[int, int] = {}

    def take(self, preferred: int, purpose: str) -> int:
        """Reserve and return `preferred`, or a substitute after saying why."""
        if self._reserve(preferred):
            return preferred
        for port in _SUBSTITUTES:
            if self._reserve(port):
                self._say(f"port {preferred} for {purpose} is taken by {self._owner_of(preferred)}; using {port}")
                return port
        raise StackError(f"no free port between {_SUBSTITUTES.start} and {_SUBSTITUTES.stop} for {purpose}")

    def release(self) -> None:
        for descriptor in self._reservations.values():
            os.close(descriptor)
        self._reservations.clear()

    def _reserve(self, port: int) -> bool:
        if port in self._reservations:
            return False
        self._folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(self._folder / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        if not is_free(port):
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._reservations[port] = descriptor
        return True

    def _owner_of(self, port: int) -> str:
        return listener_on(port) or f"another stack (process {(self._folder / str(port)).read_text() or 'unknown'})"


def is_free(port: int) -> bool:
    """True if nobody listens on the port. Bound and asked: macOS lets two sockets bind where one has the wildcard."""
    with socket.socket() as caller:
        caller.settimeout(0.5)
        if caller.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def listener_on(port: int) -> str | None:
    """Who listens on the port, as far as this user may know; None where nobody is seen to."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return None if is_free(port) else "another process"
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            return _described(connection.pid)
    return None if is_free(port) else "another process"


def _described(pid: int | None) -> str:
    if pid is None:
        return "a process of another user"
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        return f"process {pid}"
