"""Where one stack keeps its files, and the lock that keeps a second run out of the same folder."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import FolderInUse

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """One stack's folder (`root`), and the cache of verified jars that all stacks of a clone share."""

    root: Path
    cache: Path

    @classmethod
    def main(cls) -> LocalFolder:
        """`.local/` in the repository, or the folder that CONCORD_LOCAL_DIR names."""
        root = Path(os.environ.get("CONCORD_LOCAL_DIR") or REPOSITORY / ".local").resolve()
        return cls(root, root / "cache")

    def part(self, name: str) -> LocalFolder:
        """A stack of its own below this folder; it shares the cache."""
        return LocalFolder(self.root / name, self.cache)

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock_file(self) -> Path:
        return self.root / "run.lock"

    @property
    def registry_file(self) -> Path:
        return self.root / "pids.json"

    @property
    def state_file(self) -> Path:
        return self.root / "stack.json"


class RunLock:
    """One run per folder. The kernel drops the lock with its holder, so a `kill -9` never leaves it behind."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock and write our process id into it; FolderInUse names the process that has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            _lock(descriptor)
        except OSError as error:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise FolderInUse(
                f"another run is using {self._path.parent} (process {holder}). "
                "End it with Ctrl-C where it runs, or with `make down`."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @staticmethod
    def holder(path: Path) -> int | None:
        """The process that holds the lock now; None where nobody does."""
        if not path.exists():
            return None
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            written = os.read(descriptor, 32).decode(errors="replace").strip()
            return int(written) if written.isdigit() else 0
        else:
            return None
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Three tries: whoever only asks for the holder has the lock for a moment too."""
    for pause in (0.05, 0.1):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(pause)
        else:
            return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
