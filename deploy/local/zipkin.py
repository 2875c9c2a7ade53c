"""A real Zipkin on this machine, so that every trace of a local run can be looked at."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from deploy.local.folder import LocalFolder
from deploy.local.jars import bring_jars
from deploy.local.java import find_java
from deploy.local.ports import HOST, Ports
from deploy.local.probe import answers
from deploy.local.processes import Command, Process, Registry

LOCK = Path(__file__).with_name("zipkin.lock")
PREFERRED_PORT = 29411

_READY_WITHIN_SECONDS = 90.0


class Zipkin:
    """Keeps spans in memory: bounded, and gone with the process."""

    def __init__(self, folder: LocalFolder, registry: Registry, ports: Ports, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._registry = registry
        self._say = say
        self._port = ports.take(PREFERRED_PORT, "Zipkin")
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """The pages; `/zipkin/traces/<trace id>` shows one trace."""
        return f"http://{HOST}:{self._port}"

    @property
    def spans_url(self) -> str:
        """Where spans are sent, as Zipkin's JSON."""
        return f"{self.url}/api/v2/spans"

    @property
    def is_started(self) -> bool:
        return self._process is not None

    @property
    def process(self) -> Process:
        assert self._process is not None, "Zipkin was not started"
        return self._process

    async def start(self, *, keep_data: bool = False) -> None:
        """Start and return when it answers; `keep_data` changes nothing, since there is none."""
        jars = await bring_jars("Zipkin", LOCK, folder=self._folder, registry=self._registry, say=self._say)
        java = await asyncio.to_thread(find_java)
        home = self._folder.root / "zipkin"
        home.mkdir(parents=True, exist_ok=True)
        argv = (
            str(java.path),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            *java.flags,
            "-jar",
            str(jars[0]),
            # Its own QUERY_PORT would listen on every address of the machine.
            f"--armeria.ports[0].ip={HOST}",
            f"--armeria.ports[0].port={self._port}",
            "--armeria.ports[0].protocols[0]=http",
        )
        environment = {**os.environ, "STORAGE_TYPE": "mem", "MEM_MAX_SPANS": "200000", "SELF_TRACING_ENABLED": "false"}
        command = Command("zipkin", argv, environment, home, stop_within_seconds=5)
        self._process = Process(command, self._folder.logs / "zipkin.log", self._registry)
        self._process.start()
        await self._process.wait_ready(lambda: answers(f"{self.url}/health"), within_seconds=_READY_WITHIN_SECONDS)

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()
