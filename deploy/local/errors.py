"""What can go wrong while the stack comes up or stays up; each text is for the person who started it."""

from __future__ import annotations

import signal


class StackError(Exception):
    """The stack cannot do what was asked.

    StackError
    ├── FolderInUse           another run holds this folder
    ├── JarRefused            a jar is not the one that the lock file names
    ├── ProcessFailed         a process ended early, or was not ready in time
    ├── ServerNotOurs         a server given by the environment was to be stopped or killed
    └── StackInterrupted      the person or the machine asked us to stop
    """


class FolderInUse(StackError):
    """Another run holds the folder; its process id is in the text."""


class JarRefused(StackError):
    """A jar's SHA-256 differs from the lock file; nothing was started with it."""


class ProcessFailed(StackError):
    """A process ended before it was ready, ended for good, or was not ready in time; the text ends with its log."""


class ServerNotOurs(StackError):
    """A server that the environment names is somebody else's: it is used, never stopped."""


class StackInterrupted(StackError):
    """SIGINT, SIGTERM or SIGHUP arrived; everything that was started has been stopped."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(signal_number).name}")
        self.exit_code = 128 + signal_number
