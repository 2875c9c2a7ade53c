"""How service processes are started, watched and ended; shown with stand-ins that only answer `/ready`."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.local import services
from deploy.local import stack as stack_module
from deploy.local.errors import ProcessFailed
from deploy.local.folder import LocalFolder
from deploy.local.services import ROLES, SERVICES
from deploy.local.stack import Stack, StackOptions
from deploy.local.supervisor import STOPPED_ON_PURPOSE
from shared.messaging import topics
from tests.integration.local.waiting import eventually

# Tells its environment at /environment; `migrate` leaves a mark that every role must find.
STAND_IN = """
import http.server, json, os, pathlib, sys
service, role = pathlib.Path(sys.argv[0]).parent.name, sys.argv[1]
mark = pathlib.Path("migrated-" + service)
if role == "migrate":
    mark.touch()
    raise SystemExit(service == os.environ.get("CANNOT_MIGRATE") and "permission denied to create database" or 0)
assert mark.exists(), "started before its database was made"

class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/stop":
            os._exit(78)
        body = json.dumps(dict(os.environ)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

http.server.ThreadingHTTPServer((os.environ["HTTP_HOST"], int(os.environ["HTTP_PORT"])), Answers).serve_forever()
"""


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StackOptions:
    """Five stand-ins on servers that the environment names and nobody calls."""
    for name in SERVICES:
        package = tmp_path / "services" / name
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(STAND_IN)
    monkeypatch.setattr(services, "REPOSITORY", tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://ops@db.example.com/harbour")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker.example.com:9092")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.com:4318")

    async def create_topics(bootstrap: list[str], *, replication_factor: int, prefix: str) -> int:
        assert (bootstrap, replication_factor, prefix) == (["broker.example.com:9092"], 3, "staging.")
        (tmp_path / "topics-made").touch()
        return 1

    async def count_brokers(bootstrap: str) -> int:
        return 5

    monkeypatch.setattr(topics, "create_topics", create_topics)
    monkeypatch.setattr(stack_module, "count_brokers", count_brokers)
    folder = LocalFolder(tmp_path / "local", tmp_path / "cache")
    return StackOptions(folder=folder, service_environment={"SMTP_PORT": "2525", "TOPIC_PREFIX": "staging."})


@pytest.fixture
async def stack(options: StackOptions) -> AsyncIterator[Stack]:
    async with Stack(options) as stack:
        yield stack


async def _get(address: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(address)


async def test_every_role_of_every_service_is_its_own_process(stack: Stack, tmp_path: Path) -> None:
    wanted = {f"{service}-{role}" for service in SERVICES for role in ROLES[service]}
    running = {name: process.pid for name, process in stack.processes().items() if process.is_running}
    assert set(running) == wanted
    assert len(set(running.values())) == len(wanted)
    assert (tmp_path / "topics-made").exists()


async def test_a_process_is_told_where_everything_is(stack: Stack) -> None:
    told = (await _get(stack.addresses["outreach"] + "/environment")).json()
    assert told["DATABASE_URL"] == "postgresql://ops@db.example.com/harbour"
    assert told["KAFKA_BOOTSTRAP_SERVERS"] == "broker.example.com:9092"
    assert told["ENVIRONMENT"] == "sandbox"
    assert told["SMTP_PORT"] == "2525"
    assert stack.addresses["outreach"].endswith(told["HTTP_PORT"])
    assert {told[f"{name.upper()}_URL"] for name in SERVICES} == {stack.addresses[name] for name in SERVICES}
    assert "ZIPKIN_ENDPOINT" not in told


async def test_a_relay_that_dies_is_started_again_on_its_port(stack: Stack) -> None:
    relay = stack.process("outreach", "relay")
    first = relay.pid

    await relay.crash()
    await eventually(lambda: relay.is_running)

    assert relay.pid != first
    assert stack.restarts("outreach", "relay") == 1
    assert stack.restarts("intake", "relay") == 0


async def test_a_subscriber_that_stopped_itself_on_purpose_stays_down(stack: Stack) -> None:
    subscriber = stack.process("intake", "subscriber")
    port = subscriber.command.environment["HTTP_PORT"]
    with pytest.raises(httpx.HTTPError):
        await _get(f"http://127.0.0.1:{port}/stop")

    await eventually(lambda: not subscriber.is_wanted)

    assert subscriber.exit_code == STOPPED_ON_PURPOSE
    assert stack.restarts("intake", "subscriber") == 0


async def test_nothing_runs_after_the_block(options: StackOptions) -> None:
    async with Stack(options) as stack:
        processes = list(stack.processes().values())
        assert json.loads(options.folder.registry_file.read_text()) != []
    assert not any(process.is_running for process in processes)
    assert json.loads(options.folder.registry_file.read_text()) == []


async def test_a_migration_that_fails_stops_the_start_with_its_reason(
    options: StackOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANNOT_MIGRATE", "negotiation")
    stack = Stack(options)
    with pytest.raises(ProcessFailed, match=r"negotiation-migrate failed(.|\n)*permission denied"):
        await stack.__aenter__()
    assert json.loads(options.folder.registry_file.read_text()) == []


async def test_services_can_be_started_later_and_their_addresses_known_before(
    options: StackOptions, tmp_path: Path
) -> None:
    held = dataclasses.replace(options, with_services=False, roles=("api",))
    async with Stack(held) as stack:
        planned = stack.plan_services()
        assert stack.processes() == {}
        await stack.start_services({"SANDBOX_CLOCK_FILE": str(tmp_path / "clock")})
        assert set(stack.processes()) == {f"{name}-api" for name in SERVICES}
        told = (await _get(planned["intake"] + "/environment")).json()
    assert told["SANDBOX_CLOCK_FILE"] == str(tmp_path / "clock")
    assert told["HTTP_HOST"] == "127.0.0.1"
    assert os.environ.get("SANDBOX_CLOCK_FILE") is None
