"""All five services through one storm; each is then judged by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from shared.messaging.record import Record
from shared.service.background import EXIT_FAILED, EXIT_ON_PURPOSE
from tests.conformance import checkers
from tests.conformance.checkers import Evidence
from tests.conformance.lives import Said
from tests.conformance.processes import open_nursery
from tests.conformance.site import Site, open_site
from tests.conformance.storm import STOPPED_WITHIN_S, Storm
from tests.conformance.subjects import SERVICES, Templates
from tests.conformance.worker import WORLD
from tests.support.servers import Servers


@dataclass(frozen=True)
class Left:
    """What a site had said, and what it had left behind at one moment."""

    said: list[Said]
    evidence: Evidence
    wire: list[Record]


@dataclass(frozen=True)
class Aftermath:
    """The storm, and each site when it was healed, and after Kafka had lost its data and was told all again."""

    storm: Storm
    sites: dict[str, Site]
    healed: dict[str, Left]
    replayed: dict[str, Left]


@pytest.fixture(scope="module")
async def aftermath(
    servers: Servers, templates: Templates, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Aftermath]:
    if not servers.are_ours:
        pytest.skip("the servers are given by the environment and may not be hurt")
    logs = tmp_path_factory.mktemp("storm")
    print(f"storm seed {seed}, logs in {logs}")
    async with AsyncExitStack() as stack:
        nursery = await stack.enter_async_context(open_nursery([WORLD, *SERVICES], logs / "nursery.log"))
        sites: dict[str, Site] = {}
        for name in SERVICES:
            sites[name] = await open_site(name, seed, servers=servers, templates=templates, nursery=nursery, logs=logs)
            stack.push_async_callback(sites[name].close)
        storm = Storm(list(sites.values()), servers, seed)
        stack.push_async_callback(storm.end)
        await storm.rage()
        healed = {name: await _left(site) for name, site in sites.items()}
        await storm.forget()
        replayed = {name: await _left(site) for name, site in sites.items()}
        print(f"faults {dict(storm.faults)}, seconds {storm.seconds}")
        yield Aftermath(storm, sites, healed, replayed)


async def _left(site: Site) -> Left:
    evidence, wire = await site.gather()
    return Left(list(site.said), evidence, wire)


by_service = pytest.mark.parametrize("service", SERVICES)


@by_service
def test_every_event_was_handled_once_and_in_order(service: str, aftermath: Aftermath) -> None:
    left = aftermath.healed[service]
    assert len(left.said) > 500, "the storm had hardly any load"
    assert checkers.exactly_once(left.said, left.evidence) == []


@by_service
def test_every_announcement_is_on_kafka_in_the_order_of_its_case(service: str, aftermath: Aftermath) -> None:
    left = aftermath.healed[service]
    own = [record for record in left.wire if record.topic in aftermath.sites[service].announced]
    assert checkers.everything_is_published(left.evidence.outbox, own) == []
    assert checkers.wire_is_in_order(left.wire) == []


@by_service
def test_every_trace_goes_on(service: str, aftermath: Aftermath) -> None:
    left = aftermath.healed[service]
    assert checkers.one_trace(left.said, left.evidence.outbox, left.wire) == []
    assert checkers.has_causes(left.evidence.outbox) == []


@by_service
def test_kafkas_loss_of_everything_is_made_good_without_a_second_effect(service: str, aftermath: Aftermath) -> None:
    before, after = aftermath.healed[service], aftermath.replayed[service]
    assert checkers.exactly_once(after.said, after.evidence) == []
    assert after.evidence.effects == before.evidence.effects
    own = [record for record in after.wire if record.topic in aftermath.sites[service].announced]
    assert checkers.everything_is_published(after.evidence.outbox, own) == []
    assert {r.event_id for r in after.wire if r.topic in aftermath.sites[service].heard} == {
        s.event.event_id for s in after.said
    }


@by_service
def test_a_stop_under_load_is_clean_and_quick(service: str, aftermath: Aftermath) -> None:
    storm = aftermath.storm
    members = [member.name for member in aftermath.sites[service].members]
    assert {name: storm.stop_statuses[name] for name in members} == dict.fromkeys(members, 0)
    assert all(storm.stop_seconds[name] < STOPPED_WITHIN_S for name in members)


@by_service
def test_nobody_had_to_be_stopped_for_good(service: str, aftermath: Aftermath) -> None:
    """No fault of a server or a process looks like bad data: nobody reached the limit of quarantines."""
    statuses = sum((member.statuses for member in aftermath.sites[service].members), Counter[int]())
    assert EXIT_ON_PURPOSE not in statuses


@by_service
def test_the_storm_was_one(service: str, aftermath: Aftermath) -> None:
    """What was to be survived has really happened; a calm run proves nothing."""
    site, left = aftermath.sites[service], aftermath.healed[service]
    statuses = sum((member.statuses for member in site.everybody), Counter[int]())
    ids = Counter(record.event_id for record in left.wire)
    partitions = {record.key: record.partition for record in left.wire}
    handlers: dict[int, set[int]] = defaultdict(set)
    for effect in left.evidence.effects:
        handlers[partitions[effect.key]].add(effect.pid)
    assert statuses[-9] >= 3, "hardly anybody was killed"
    assert statuses[EXIT_FAILED] >= 1, "nobody ended because a server was away"
    assert max(ids.values()) >= 2, "nothing was published twice"
    assert max(len(pids) for pids in handlers.values()) >= 3, "no partition changed hands"
    assert sum(site.seen.values()) >= 1, "nobody came back from the dead"


def test_every_kind_of_fault_was_injected(aftermath: Aftermath) -> None:
    faults = aftermath.storm.faults
    assert faults["kill subscriber"] >= 1
    assert faults["kill relay"] >= 1
    assert faults["freeze subscriber"] >= 1
    assert faults["freeze relay"] >= 1
    assert {"rebalance", "stop under load", "broker killed", "broker frozen", "postgres restarted"} <= set(faults)
    assert faults["kafka data lost"] == 1
