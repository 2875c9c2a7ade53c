"""Brings Java archives from Maven repositories and refuses every one whose SHA-256 is not in the lock file.

Run as `python -m deploy.local.jars TARGET COORDINATE...` it is the fallback downloader for machines without `mvn`: a
process of its own, so that it can be ended at any moment like everything else.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from deploy.local.errors import JarRefused, ProcessFailed, StackError
from deploy.local.folder import REPOSITORY, LocalFolder
from deploy.local.processes import Command, Process, Registry

_DOWNLOAD_WITHIN_SECONDS = 420.0
_THREADS = 8
_TRIES = 4
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Jar:
    """One archive: `group:artifact:version` or `group:artifact:version:classifier`, and its SHA-256 in hex."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        _, artifact, version, *classifier = self.coordinate.split(":")
        return "-".join([artifact, version, *classifier]) + ".jar"


def read_lock(path: Path) -> list[Jar]:
    """The jars that a lock file names, in the file's order."""
    return [Jar(*line.split()) for line in path.read_text().splitlines() if line.strip()]


def refused(jars: Sequence[Jar], folder: Path) -> list[tuple[Jar, str | None]]:
    """Every jar that is missing (None) or another one (its actual hash)."""
    with ThreadPoolExecutor(_THREADS) as pool:
        actual = pool.map(lambda jar: _sha256(folder / jar.file_name), jars)
        return [(jar, found) for jar, found in zip(jars, actual, strict=True) if found != jar.sha256]


async def bring_jars(
    title: str, lock: Path, *, folder: LocalFolder, registry: Registry, say: Callable[[str], None]
) -> list[Path]:
    """The verified archives of a lock file, sorted, fetched where they are not in the cache yet.

    Every archive is hashed at every start; one that changed on disk is thrown away and fetched again. JarRefused
    where what the repositories serve is not what was locked.
    """
    jars = await asyncio.to_thread(read_lock, lock)
    target = folder.cache / "jars" / lock.stem
    target.mkdir(parents=True, exist_ok=True)
    async with _one_at_a_time(target.with_suffix(".lock")):
        wrong = await asyncio.to_thread(refused, jars, target)
        if wrong:
            say(f"{title}: bringing {len(wrong)} of {len(jars)} archives")
            await _Download(title, target, folder, registry, say).run([jar for jar, _ in wrong])
    return sorted(target / jar.file_name for jar in jars)


@dataclass(slots=True)
class _Download:
    title: str
    target: Path
    folder: LocalFolder
    registry: Registry
    say: Callable[[str], None]

    async def run(self, wanted: list[Jar]) -> None:
        """Maven first, since it knows the machine's mirrors; what it cannot bring, the fallback does."""
        remaining: list[tuple[Jar, str | None]] = [(jar, None) for jar in wanted]
        for way in (self._by_maven, self._by_fallback):
            draft = self.target.with_name(f"{self.target.name}.draft")
            await asyncio.to_thread(shutil.rmtree, draft, True)
            draft.mkdir()
            await way([jar for jar, _ in remaining], draft)
            remaining = await asyncio.to_thread(self._keep_what_is_right, [jar for jar, _ in remaining], draft)
            if not remaining:
                return
        jar, actual = remaining[0]
        found = f"has SHA-256 {actual}" if actual else "could not be had"
        raise JarRefused(
            f"{self.title}: {jar.coordinate} {found}, the lock file says {jar.sha256} "
            f"({len(remaining)} archives refused; see {self.folder.logs}/jars-*.log)"
        )

    def _keep_what_is_right(self, jars: list[Jar], draft: Path) -> list[tuple[Jar, str | None]]:
        wrong = refused(jars, draft)
        bad = {jar for jar, _ in wrong}
        for jar in jars:
            if jar not in bad:
                (draft / jar.file_name).replace(self.target / jar.file_name)
        shutil.rmtree(draft, ignore_errors=True)
        return wrong

    async def _by_maven(self, jars: list[Jar], draft: Path) -> None:
        maven = shutil.which("mvn")
        if maven is None:
            return
        pom = draft / "pom.xml"
        await asyncio.to_thread(pom.write_text, _pom(jars))
        # Read from the lock file, never resolved: each dependency excludes everything it would pull in.
        goal = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={draft}")
        await self._run("mvn", (maven, "-q", "-B", "-f", str(pom), *goal), jars, draft)

    async def _by_fallback(self, jars: list[Jar], draft: Path) -> None:
        coordinates = tuple(jar.coordinate for jar in jars)
        await self._run("fallback", (sys.executable, "-m", "deploy.local.jars", str(draft), *coordinates), jars, draft)

    async def _run(self, way: str, argv: tuple[str, ...], jars: list[Jar], draft: Path) -> None:
        name = f"jars-{self.target.name}-{way}"
        command = Command(name, argv, os.environ, REPOSITORY)
        process = Process(command, self.folder.logs / f"{name}.log", self.registry)
        progress = asyncio.create_task(self._tell(jars, draft))
        process.start()
        try:
            code = await process.wait_ended(within_seconds=_DOWNLOAD_WITHIN_SECONDS)
            if code != 0:
                self.say(f"{self.title}: {way} ended with code {code}; see {process.log_file}")
        except ProcessFailed as error:
            self.say(f"{self.title}: {error}")
        finally:
            progress.cancel()
            await process.stop()

    async def _tell(self, jars: list[Jar], draft: Path) -> None:
        told = 0
        while True:
            await asyncio.sleep(2)
            here = sum((draft / jar.file_name).exists() for jar in jars)
            if here > told:
                self.say(f"{self.title}: {here} of {len(jars)} archives")
                told = here


@asynccontextmanager
async def _one_at_a_time(path: Path) -> AsyncIterator[None]:
    """Two stacks of one clone share the cache: the second waits until the first has filled it."""
    deadline = time.monotonic() + 2 * _DOWNLOAD_WITHIN_SECONDS
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        while not _locked(descriptor):
            if time.monotonic() > deadline:
                raise StackError(f"another run has been filling {path.parent} for too long")
            await asyncio.sleep(0.2)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sha256(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def _pom(jars: Sequence[Jar]) -> str:
    def element(name: str, text: str) -> str:
        return f"<{name}>{escape(text)}</{name}>"

    def dependency(jar: Jar) -> str:
        names = ("groupId", "artifactId", "version", "classifier")
        parts = "".join(element(name, part) for name, part in zip(names, jar.coordinate.split(":"), strict=False))
        alone = "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
        return f"<dependency>{parts}{alone}</dependency>"

    own = element("groupId", "local") + element("artifactId", "servers") + element("version", "1")
    dependencies = "".join(dependency(jar) for jar in jars)
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        f"{own}<packaging>pom</packaging><dependencies>{dependencies}</dependencies></project>"
    )


def _fetch_all(target: Path, coordinates: Sequence[str]) -> None:
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lambda coordinate: _fetch(target, coordinate), coordinates))


def _fetch(target: Path, coordinate: str) -> None:
    # Only jgo.maven: jgo.env would also look for a JDK, outside the package registries.
    from jgo.maven import MavenContext

    group, artifact, version, *classifier = coordinate.split(":")
    for attempt in range(1, _TRIES + 1):
        # A repository of its own for each try: a half-written file of a broken try would pass for a cached one.
        cache = target / f"m2-{artifact}-{attempt}"
        try:
            context = MavenContext(repo_cache=cache, timeout=30)
            wanted = context.project(group, artifact).at_version(version).artifact(*classifier)
            Path(wanted.resolve()).replace(target / Jar(coordinate, "").file_name)
        except Exception as error:  # whatever the network did; the last try tells, the caller verifies
            print(f"{coordinate}, try {attempt} of {_TRIES}: {type(error).__name__}: {error}", flush=True)
            time.sleep(attempt)
        else:
            return
        finally:
            shutil.rmtree(cache, ignore_errors=True)


if __name__ == "__main__":
    _fetch_all(Path(sys.argv[1]), sys.argv[2:])
