"""Starts, waits for, signals and ends one process, and keeps the list that lets a later run clean up after a crash."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from deploy.local.errors import ProcessFailed, StackError

Check = Callable[[], Awaitable[bool]]

_POLL_SECONDS = 0.05
_KILL_WITHIN_SECONDS = 5.0
_TAIL_LINES = 25
_TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `environment` is the whole environment; `user` is given only where root steps down."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    user: str | None = None
    group: int | None = None
    stop_signal: int = signal.SIGTERM
    stop_within_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the registry: enough to know our process again, and not a stranger with a reused id."""

    pid: int
    started_at: float
    argv: tuple[str, ...]
    name: str
    stop_signal: int

    def process(self) -> psutil.Process | None:
        """The living process that this entry describes, or None."""
        try:
            process = psutil.Process(self.pid)
            argv = tuple(process.cmdline())
            # Seconds of slack: the kernel counts from boot, and the clock that says when boot was may be set again.
            is_ours = abs(process.create_time() - self.started_at) < 5 and self._ran(argv)
        except psutil.Error:
            return None
        return process if is_ours and process.status() != psutil.STATUS_ZOMBIE else None

    def _ran(self, argv: tuple[str, ...]) -> bool:
        # A wrapper (setpriv, unshare) replaces itself by the program at its end, so the tail must match.
        return bool(argv) and self.argv[-len(argv) :] == argv


class Registry:
    """The processes that run now, as a file written whole at every change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[int, Entry] = {}

    def add(self, entry: Entry) -> None:
        self._entries[entry.pid] = entry
        self._write()

    def remove(self, pid: int) -> None:
        if self._entries.pop(pid, None):
            self._write()

    def read(self) -> list[Entry]:
        """The entries on disk; a file that was cut short says nothing."""
        try:
            rows = json.loads(self.path.read_text())
            return [Entry(**{**row, "argv": tuple(row["argv"])}) for row in rows]
        except (OSError, ValueError, TypeError, KeyError):
            return []

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps([asdict(entry) for entry in self._entries.values()], indent=1))
        draft.replace(self.path)

    def end_leftovers(self) -> list[str]:
        """End what an earlier run left behind, asking first; return the names. Only with the folder's lock held."""
        found = [(entry, process) for entry in self.read() if (process := entry.process())]
        family = [member for _, process in found for member in _family(process)]
        for entry, process in found:
            try:
                process.send_signal(signal.SIGCONT)
                process.send_signal(entry.stop_signal)
            except psutil.NoSuchProcess:
                continue
            except psutil.AccessDenied as error:
                raise StackError(f"{entry.name} (process {entry.pid}) of an earlier run is another user's") from error
        _, stubborn = psutil.wait_procs(family, timeout=8)
        _kill(stubborn)
        self._write()
        return [entry.name for entry, _ in found]


@dataclass(slots=True)
class Process:
    """One command and the process that runs it, if one does.

    Started in a session of its own, so that Ctrl-C in the terminal reaches us alone and we end everything in order.
    `is_wanted` tells whoever watches whether an end is a failure: true from start() until stop() or kill().
    """

    command: Command
    log_file: Path
    registry: Registry
    is_wanted: bool = False
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def pid(self) -> int:
        """The process id; an error where nothing was started."""
        if self._child is None:
            raise StackError(f"{self.name} was not started")
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended (negative: by that signal); None while it runs or before it was started."""
        return self._child.poll() if self._child else None

    def start(self) -> None:
        """Start it; its output is appended to the log file."""
        if self.is_running:
            raise StackError(f"{self.name} runs already")
        self._forget()
        command = self.command
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._child = subprocess.Popen(
                command.argv,
                env=dict(command.environment),
                cwd=command.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=command.user,
                group=command.group,
                extra_groups=None if command.user is None else [],
            )
        self.is_wanted = True
        started_at = psutil.Process(self._child.pid).create_time()
        self.registry.add(Entry(self._child.pid, started_at, command.argv, command.name, int(command.stop_signal)))

    async def wait_ready(self, is_ready: Check, *, within_seconds: float) -> None:
        """Return when `is_ready` says so; ProcessFailed with the log's end where it ends first or takes too long."""
        deadline = time.monotonic() + within_seconds
        while not await is_ready():
            if not self.is_running:
                raise self.failure(f"ended with code {self.exit_code} before it was ready")
            if time.monotonic() > deadline:
                raise self.failure(f"was not ready within {within_seconds:g} seconds")
            await asyncio.sleep(_POLL_SECONDS)

    def listens_on(self, port: int) -> bool:
        """True if this very process listens there: another stack's may answer at the same address."""
        if self._child is None:
            return False
        try:
            connections = psutil.Process(self._child.pid).net_connections("tcp")
        except psutil.Error:
            return False
        return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections)

    async def wait_ended(self, *, within_seconds: float) -> int:
        """Its exit code; ProcessFailed where it still runs at the deadline."""
        if not await self._ended(within_seconds):
            raise self.failure(f"did not end within {within_seconds:g} seconds")
        code = self.exit_code
        self._forget()
        assert code is not None
        return code

    def send(self, signal_number: int) -> None:
        """Send a signal to the process alone; one that has ended is left in peace."""
        if self._child is not None:
            self._child.send_signal(signal_number)

    def freeze(self) -> None:
        """SIGSTOP: alive, silent, sockets open."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    async def crash(self) -> None:
        """SIGKILL as an accident: whoever watches starts it again."""
        await self._end(signal.SIGKILL)

    async def kill(self) -> None:
        """SIGKILL on purpose: it stays down until start()."""
        self.is_wanted = False
        await self._end(signal.SIGKILL)

    async def stop(self, stop_signal: int | None = None) -> None:
        """Ask it to end, and insist after the command's grace; it stays down until start()."""
        self.is_wanted = False
        await self._end(stop_signal or self.command.stop_signal)

    def failure(self, what: str) -> ProcessFailed:
        return ProcessFailed(f"{self.name} {what}. The end of {self.log_file}:\n{log_tail(self.log_file)}")

    async def _end(self, signal_number: int) -> None:
        child = self._child
        if child is None:
            return
        family = _family_of(child.pid) if child.poll() is None else []
        if child.poll() is None:
            child.send_signal(signal_number)
            child.send_signal(signal.SIGCONT)
            if not await self._ended(self.command.stop_within_seconds):
                child.kill()
                await self._ended(_KILL_WITHIN_SECONDS)
        _kill(family)
        self._forget()

    async def _ended(self, within_seconds: float) -> bool:
        deadline = time.monotonic() + within_seconds
        while self.is_running:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_POLL_SECONDS)
        return True

    def _forget(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self.registry.remove(self._child.pid)


def log_tail(path: Path) -> str:
    """The last lines of a log, of a bounded size; Kafka's can be megabytes."""
    try:
        with path.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - _TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        return "(no log)"
    return "\n".join(lines[-_TAIL_LINES:]) or "(the log is empty)"


def _family_of(pid: int) -> list[psutil.Process]:
    try:
        return _family(psutil.Process(pid))[1:]
    except psutil.NoSuchProcess:
        return []


def _family(process: psutil.Process) -> list[psutil.Process]:
    """The process and what it started. Taken before it ends: afterwards nobody knows whose children they were."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def _kill(processes: list[psutil.Process]) -> None:
    """SIGKILL what still lives; psutil compares start times first, so that a reused id is not hit."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=_KILL_WITHIN_SECONDS)
