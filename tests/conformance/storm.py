"""A seeded storm over several sites at once: process faults, then servers that die, freeze and forget.

Safety is judged when it is over; liveness after each kind of fault, against a deadline. The seed fixes the plan of
faults and the lives that are told; the machine's timing stays its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.conformance.processes import Member
from tests.conformance.site import AWAY, Site, until
from tests.support.servers import Servers

PROCESS_FAULTS_S = 35.0
REBALANCES_S = 6.0
BROKER_AWAY_S = 2.0
BROKER_FROZEN_S = 10.0
"""Longer than the relay waits for its acknowledgements (`worker.py`): it gives up, and only a new process helps."""
POSTGRES_RESTARTS = 3
ALIVE_WITHIN_S = 30.0
DRAINED_WITHIN_S = 60.0
STOPPED_WITHIN_S = 20.0
SETTLED_S = 2.0
FEED_EVERY_S = 0.5


@dataclass
class Storm:
    """The run and what it saw. `sites` are running when it begins and when it has ended."""

    sites: Sequence[Site]
    servers: Servers
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    stop_seconds: dict[str, float] = field(default_factory=dict)
    stop_statuses: dict[str, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = random.Random(self.seed)
        self._is_raging = False

    async def rage(self) -> None:
        """Everything up to the last healing; the events that are said then are the ones to judge by."""
        for site in self.sites:
            site.start()
        await self._alive("start")
        self._is_raging = True
        background = asyncio.gather(self._feed(), self._thaw())
        try:
            for fault in (
                self._process_faults,
                self._rebalances,
                self._stop_under_load,
                self._broker_killed,
                self._broker_frozen,
                self._postgres_restarts,
            ):
                await fault()
                await self._alive(fault.__name__.strip("_").replace("_", " "))
        finally:
            self._is_raging = False
            await background
        await self._drain("healing")

    async def forget(self) -> None:
        """The broker loses all it had. Topics are made anew, and every outbox says again what it has said."""
        await self.servers.kill_broker()
        await self.servers.broker.start()  # formats: nothing is kept
        self.faults["kafka data lost"] += 1
        began = time.monotonic()
        for site in self.sites:
            await site.make_topics()
            await site.replay()
        self.seconds["topics made anew"] = time.monotonic() - began
        for site in self.sites:
            left = DRAINED_WITHIN_S - (time.monotonic() - began)
            await until(site.is_drained, f"{site.name} has published all again", within_s=left)
            await until(site.has_read_all, f"{site.name} has read all again", within_s=left)
        self.seconds["replay"] = time.monotonic() - began

    async def end(self) -> None:
        for site in self.sites:
            for member in site.everybody:
                await member.end(signal.SIGKILL)

    async def _process_faults(self) -> None:
        for site in self.sites:
            site.is_armed = True
        actions: list[tuple[str, Callable[[Site], Awaitable[None]]]] = [
            ("kill subscriber", self._signalling("subscriber", signal.SIGKILL)),
            ("kill relay", self._signalling("relay", signal.SIGKILL)),
            ("freeze subscriber", self._signalling("subscriber", signal.SIGSTOP)),
            ("freeze relay", self._signalling("relay", signal.SIGSTOP)),
            ("stop subscriber", self._signalling("subscriber", signal.SIGTERM)),
            ("stop relay", self._signalling("relay", signal.SIGTERM)),
            ("kill the world", self._kill_the_world),
            ("cut off sessions", self._cut_off_sessions),
        ]
        ends = time.monotonic() + PROCESS_FAULTS_S
        while time.monotonic() < ends:
            name, action = self._numbers.choice(actions)
            await action(self._numbers.choice(self.sites))
            self.faults[name] += 1
            await asyncio.sleep(self._numbers.uniform(0.1, 0.5))
        for site in self.sites:
            site.is_armed = False
        await self._disarm()

    async def _disarm(self) -> None:
        """Those who still carry an armed fault point go, so that what is asked of them next is not disturbed by it."""
        members = [member for site in self.sites for member in site.everybody]

        async def are_all_back() -> bool:
            for member in members:
                if member.armed:
                    member.send(signal.SIGKILL)
            return all(member.has_run_for(SETTLED_S) and not member.armed for member in members)

        await until(are_all_back, "everybody is back", within_s=ALIVE_WITHIN_S)

    def _signalling(self, role: str, number: int) -> Callable[[Site], Awaitable[None]]:
        async def act(site: Site) -> None:
            self._numbers.choice(site.playing(role)).send(number)

        return act

    async def _kill_the_world(self, site: Site) -> None:
        site.world.send(signal.SIGKILL)

    async def _cut_off_sessions(self, site: Site) -> None:
        with contextlib.suppress(*AWAY):
            await site.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'checker'"
            )

    async def _rebalances(self) -> None:
        """A third member comes and goes each second."""
        ends = time.monotonic() + REBALANCES_S
        while time.monotonic() < ends:
            guests = [_guest(site) for site in self.sites]
            for guest in guests:
                guest.start()
            await asyncio.sleep(1)
            await asyncio.gather(*(guest.end(self._numbers.choice([9, 15])) for guest in guests))
            self.faults["rebalance"] += 1

    async def _stop_under_load(self) -> None:
        """SIGTERM to everybody at once, as at a release; then everybody is back."""

        async def stop(member: Member) -> None:
            began = time.monotonic()
            self.stop_statuses[member.name] = await member.end(signal.SIGTERM, within_s=STOPPED_WITHIN_S + 5)
            self.stop_seconds[member.name] = time.monotonic() - began
            member.start()

        await self._disarm()
        await asyncio.gather(*(stop(member) for site in self.sites for member in site.members))
        self.faults["stop under load"] += 1

    async def _broker_killed(self) -> None:
        await self.servers.kill_broker()
        await asyncio.sleep(BROKER_AWAY_S)
        await self.servers.start_broker()
        self.faults["broker killed"] += 1

    async def _broker_frozen(self) -> None:
        self.servers.freeze_broker()
        await asyncio.sleep(BROKER_FROZEN_S)
        self.servers.thaw_broker()
        self.faults["broker frozen"] += 1

    async def _postgres_restarts(self) -> None:
        for _ in range(POSTGRES_RESTARTS):
            await self.servers.restart_postgres()
            self.faults["postgres restarted"] += 1
            await asyncio.sleep(self._numbers.uniform(1.0, 3.0))

    async def _alive(self, after: str) -> None:
        """Each site handles something that is said from now on, in time."""
        last = {site.name: (await site.feed(1))[-1].event.event_id for site in self.sites}

        async def has_handled(site: Site) -> bool:
            return bool(await site.rows(f"SELECT 1 FROM conformance_effects WHERE event_id = '{last[site.name]}'"))

        waits = [
            until(partial(has_handled, site), f"{site.name} is alive after: {after}", within_s=ALIVE_WITHIN_S)
            for site in self.sites
        ]
        self.seconds[f"alive after {after}"] = max(await asyncio.gather(*waits))

    async def _drain(self, after: str) -> None:
        waits = [
            until(site.is_drained, f"{site.name} is drained after {after}", within_s=DRAINED_WITHIN_S)
            for site in self.sites
        ]
        self.seconds[f"drained after {after}"] = max(await asyncio.gather(*waits))

    async def _feed(self) -> None:
        while self._is_raging:
            await asyncio.gather(*(site.feed() for site in self.sites))
            await asyncio.sleep(FEED_EVERY_S)

    async def _thaw(self) -> None:
        while self._is_raging:
            for site in self.sites:
                site.thaw_the_frozen()
            await asyncio.sleep(0.5)


def _guest(site: Site) -> Member:
    """One more subscriber, which nobody starts again."""
    host = site.playing("subscriber")[0]
    return Member(f"{site.name}-guest", host.argv, host.environment, host.log, host.nursery)
