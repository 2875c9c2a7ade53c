"""Processes under a planted bug: a service that can handle nothing stops, and broken plumbing is found out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import pytest

from shared.messaging.failure_limit import CASES_MAX
from shared.service.background import EXIT_ON_PURPOSE
from tests.conformance import checkers
from tests.conformance.processes import Nursery, open_nursery
from tests.conformance.site import Site, open_site, until
from tests.conformance.stand_in import STAND_IN
from tests.conformance.subjects import SERVICES, Templates
from tests.conformance.worker import WORLD
from tests.support.servers import Servers

STOPPED_WITHIN_S = 60.0
FOUND_WITHIN_S = 40.0

Planted = Callable[[str, str], Awaitable[Site]]


@pytest.fixture(scope="module")
async def nursery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nursery]:
    log = tmp_path_factory.mktemp("nursery") / "nursery.log"
    async with open_nursery([WORLD, STAND_IN, *SERVICES], log) as opened:
        yield opened


@pytest.fixture
async def planted(
    servers: Servers, templates: Templates, nursery: Nursery, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Planted]:
    """Open a site with a bug: `await planted("outreach", "no-memory")`. Its processes are the test's to start."""
    async with AsyncExitStack() as stack:

        async def make(name: str, bug: str) -> Site:
            logs = tmp_path_factory.mktemp("planted")
            site = await open_site(
                name, seed, servers=servers, templates=templates, nursery=nursery, logs=logs, plant=bug
            )
            stack.push_async_callback(site.close)
            for member in site.everybody:
                stack.push_async_callback(member.end, 9)
            return site

        yield make


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_can_handle_nothing_stops_before_it_has_set_aside_everybody(
    service: str, planted: Planted
) -> None:
    site = await planted(service, "refuse-everything")
    subscriber = site.playing("subscriber")[0]
    await site.feed(2 * CASES_MAX)
    site.world.start()
    subscriber.start()

    async def has_stopped(times: int) -> bool:
        return subscriber.statuses.total() == times

    await until(partial(has_stopped, 1), f"{service} stops itself", within_s=STOPPED_WITHIN_S)
    assert dict(subscriber.statuses) == {EXIT_ON_PURPOSE: 1}
    evidence = await checkers.gather(site.database)
    assert len(evidence.quarantined) == CASES_MAX
    assert evidence.effects == []
    subscriber.start()  # by a supervisor that does not know better
    await until(partial(has_stopped, 2), f"{service} stays stopped", within_s=STOPPED_WITHIN_S)
    assert dict(subscriber.statuses) == {EXIT_ON_PURPOSE: 2}
    assert len((await checkers.gather(site.database)).quarantined) == CASES_MAX


@pytest.mark.parametrize(
    ("bug", "place", "finding"),
    [
        ("no-memory", "relay.after_send=kill@2", "doubled"),
        ("commit-first", "subscriber.before_commit=kill@2", "lost"),
        ("", "subscriber.before_commit=kill@2", None),
    ],
)
async def test_processes_with_the_bug_are_found_out(
    bug: str, place: str, finding: str | None, planted: Planted
) -> None:
    """The workers of the storm, killed at one of its places: with the bug a finding, without it none."""
    site = await planted(STAND_IN, bug)
    victim = site.world if place.startswith("relay") else site.playing("subscriber")[0]
    places = iter([place])
    victim.arm = lambda: next(places, "")
    for member in (site.world, site.playing("subscriber")[0]):
        member.start()

    async def is_over() -> bool:
        if not victim.statuses[-9]:
            await site.feed(2)
            return False
        return await site.is_all_told() and await site.has_read_all()

    await until(is_over, "the victim is dead and its successor has read all", within_s=FOUND_WITHIN_S)
    evidence = await checkers.gather(site.database)
    findings = {found.split(" (")[0] for found in checkers.exactly_once(site.said, evidence)}
    assert (finding in findings) if finding else not findings
