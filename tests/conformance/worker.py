"""The processes under test: a service's real roles, with the witness and, where asked for, a planted bug.

`python -m tests.conformance.worker nursery SERVICE...` imports the services once and forks a process for each order
that arrives as a line of JSON on its standard input, so that a killed role is back in a tenth of a second and a fault
run of one minute sees as many faults as a run of ten minutes would otherwise.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import select
import signal
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.db.database import SERVER_SETTINGS, new_metadata
from shared.messaging import kafka, subscriber
from shared.outbox import relay
from shared.service import faults
from shared.service.roles import run_service
from shared.service.service import AnyService, Platform, Service
from shared.service.settings import ServiceSettings
from tests.conformance import plants
from tests.conformance.effects import witnessed
from tests.conformance.subjects import create_service

WORLD = "world"
"""The other services, as seen from the one under test: an outbox and a relay, and nothing else."""

_POLL_S = 0.05
_PR_SET_PDEATHSIG = 1

# The product waits ten seconds for a silent member or transaction; a fault run has less time for each of its faults.
_KAFKA_WAITS_MS = {
    "SESSION_TIMEOUT_MS": 3_000,
    "HEARTBEAT_INTERVAL_MS": 500,
    "REQUEST_TIMEOUT_MS": 4_000,
    "METADATA_MAX_AGE_MS": 1_000,
}
_BATCH_DEADLINE_S, _CLIENT_TROUBLE_MAX_S = 6.0, 10.0
_DATABASE_WAITS = {"idle_in_transaction_session_timeout": "4s", "lock_timeout": "3s"}


@dataclass(frozen=True, slots=True)
class Order:
    """One process to start: the command line of the role, what its environment has more, and where it writes."""

    argv: tuple[str, ...]
    environment: dict[str, str]
    log: str


def build(name: str) -> AnyService:
    """The service as its own main makes it, witnessed; or the world, which only says what it is told to say."""
    if name != WORLD:
        return witnessed(create_service(name))

    @asynccontextmanager
    async def nothing(_: Platform) -> AsyncIterator[None]:
        yield None

    return Service(
        name=WORLD,
        settings=ServiceSettings(),
        metadata=new_metadata(),
        migrations=Path(),
        open_resources=nothing,
        routers=[],
        subscriptions=lambda _: [],
    )


def run(argv: tuple[str, ...]) -> None:
    """The body of one process. Does not return."""
    for name, milliseconds in _KAFKA_WAITS_MS.items():
        setattr(kafka, name, milliseconds)
    SERVER_SETTINGS.update(_DATABASE_WAITS)
    relay.BATCH_DEADLINE_S = _BATCH_DEADLINE_S
    subscriber.CLIENT_TROUBLE_MAX_S = _CLIENT_TROUBLE_MAX_S
    if planted := os.environ.get("PLANT"):
        plants.plant(planted)
    name, *rest = argv
    run_service(build(name), rest)


def nursery(names: list[str]) -> None:
    """Fork on order until standard input ends; say on standard output who was started and how each ended."""
    for name in names:
        build(name)
    # What is imported here is shared by all children; the collector must not touch, and so copy, its pages.
    gc.collect()
    gc.freeze()
    waiting = b""
    while True:
        readable, _, _ = select.select([sys.stdin.fileno()], [], [], _POLL_S)
        if readable:
            chunk = os.read(sys.stdin.fileno(), 65_536)
            if not chunk:
                return
            *lines, waiting = (waiting + chunk).split(b"\n")
            for line in lines:
                order = json.loads(line)
                _say(started=_fork(Order(tuple(order["argv"]), order["environment"], order["log"])))
        _reap()


def _fork(order: Order) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        log = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(order.environment)
        # A fork carries the parent's state along: the jitter must differ, and the fault points were read at import.
        random.seed()
        faults._armed = faults._read(os.environ.get("FAULT_POINTS", ""))
        run(order.argv)
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _say(ended=pid, status=os.waitstatus_to_exitcode(status))


def _say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["nursery"]:
        nursery(sys.argv[2:])
    else:
        run(tuple(sys.argv[1:]))
