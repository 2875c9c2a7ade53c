"""However a run ends, nothing stays behind; and a second one never disturbs the first."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local.errors import ProcessFailed, ServerNotOurs
from deploy.local.folder import REPOSITORY, LocalFolder, RunLock
from deploy.local.processes import Process, Registry
from deploy.local.stack import Stack, StackOptions
from tests.integration.local.waiting import eventually

SERVERS = {"kafka", "postgres"}


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    """A folder of its own below one that only its owner may enter; the verified archives are shared."""
    main = LocalFolder.main()
    main.cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").symlink_to(main.cache)
    return LocalFolder(tmp_path, tmp_path / "cache")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own Kafka and PostgreSQL; traces go elsewhere, so that Zipkin stays away."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")


Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
async def run(folder: LocalFolder) -> AsyncIterator[Run]:
    """Starts the stack as a person would; whatever a failed test leaves is ended."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "deploy.local", *arguments]
        environment = {**os.environ, "CONCORD_LOCAL_DIR": str(folder.root)}
        started.append(
            subprocess.Popen(
                argv, cwd=REPOSITORY, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()
    Registry(folder.registry_file).end_leftovers()


def _up(run: Run) -> subprocess.Popen[str]:
    return run("up", "--foreground", "--servers-only")


async def _is_up(folder: LocalFolder) -> dict[str, psutil.Process]:
    await eventually(folder.state_file.exists, within_seconds=300)
    return _living(folder)


def _living(folder: LocalFolder) -> dict[str, psutil.Process]:
    entries = Registry(folder.registry_file).read()
    return {entry.name: process for entry in entries if (process := entry.process())}


async def test_a_run_that_was_killed_is_cleaned_up_by_the_next(folder: LocalFolder, run: Run) -> None:
    first = _up(run)
    left = await _is_up(folder)
    first.kill()
    first.wait()
    assert set(left) == SERVERS
    assert all(process.is_running() for process in left.values())
    folder.state_file.unlink()

    second = _up(run)
    fresh = await _is_up(folder)

    assert not any(process.is_running() for process in left.values())
    assert set(fresh) == SERVERS

    second.send_signal(signal.SIGTERM)
    said, _ = await asyncio.to_thread(second.communicate, timeout=60)
    assert "ended what an earlier run had left" in said
    assert second.returncode == 128 + signal.SIGTERM
    assert not any(process.is_running() for process in fresh.values())
    assert not folder.state_file.exists()


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_while_the_servers_start_leaves_no_process(
    folder: LocalFolder, run: Run, signal_number: signal.Signals
) -> None:
    stack = _up(run)
    await eventually(lambda: _living(folder), within_seconds=60)
    family = psutil.Process(stack.pid).children(recursive=True)

    stack.send_signal(signal_number)
    await asyncio.to_thread(stack.communicate, timeout=60)

    assert stack.returncode == 128 + signal_number
    assert _living(folder) == {}
    assert not any(process.is_running() for process in family)


async def test_a_second_run_in_the_same_folder_names_the_first_and_leaves_it_alone(
    folder: LocalFolder, run: Run
) -> None:
    lock = RunLock(folder.lock_file)
    lock.acquire()
    try:
        second = _up(run)
        said, _ = await asyncio.to_thread(second.communicate, timeout=60)
    finally:
        lock.release()
    assert second.returncode == 1
    assert f"process {os.getpid()}" in said
    assert not folder.registry_file.exists()


@pytest.fixture
async def stack(folder: LocalFolder) -> AsyncIterator[Stack]:
    async with Stack(StackOptions(folder=folder, with_services=False, with_traces=False)) as stack:
        yield stack


async def _ask_postgres(stack: Stack, question: str) -> object:
    connection = await asyncpg.connect(stack.database_url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_servers_that_were_killed_come_back_with_what_they_had(stack: Stack) -> None:
    assert await _ask_postgres(stack, "SHOW fsync") == "on"
    await _ask_postgres(stack, "CREATE TABLE promise (amount_minor_units bigint)")
    await _ask_postgres(stack, "INSERT INTO promise VALUES (12345)")

    await asyncio.gather(stack.kafka.process.kill(), stack.postgres.process.stop(signal.SIGQUIT))
    assert not await stack.kafka.is_ready()
    assert not await stack.postgres.is_ready()
    await asyncio.gather(stack.kafka.start_again(), stack.postgres.start_again())

    assert await stack.kafka.is_ready()
    assert await _ask_postgres(stack, "SELECT amount_minor_units FROM promise") == 12345


@pytest.mark.parametrize("dies", ["kafka", "postgres"])
async def test_a_server_that_dies_by_itself_ends_the_run_with_its_log(folder: LocalFolder, dies: str) -> None:
    async def run_until_it_dies() -> None:
        async with Stack(StackOptions(folder=folder, with_services=False, with_traces=False)) as stack:
            await stack.processes()[dies].crash()
            await asyncio.Event().wait()

    with pytest.raises(ProcessFailed, match=f"{dies} ended with code .* while it was needed"):
        await run_until_it_dies()
    assert _living(folder) == {}


async def test_servers_that_the_environment_names_are_used_and_never_ours_to_stop(
    folder: LocalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ops@db.example.com:5432/harbour")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "a.example.com:9092,b.example.com:9092")

    async with Stack(StackOptions(folder=folder, with_services=False)) as stack:
        assert stack.database_url == "postgresql://ops@db.example.com:5432/harbour"
        assert stack.kafka_bootstrap == "a.example.com:9092,b.example.com:9092"
        assert stack.processes() == {}
        with pytest.raises(ServerNotOurs):
            stack.kafka.process.freeze()
        with pytest.raises(ServerNotOurs):
            await stack.postgres.restart_immediately()
        # The URL may carry a password.
        assert "db.example.com" not in json.loads(folder.state_file.read_text())["addresses"].values()


async def test_an_error_inside_the_block_still_stops_everything(folder: LocalFolder) -> None:
    living: list[Process] = []

    async def run_into_a_bug() -> None:
        async with Stack(StackOptions(folder=folder, with_services=False, with_traces=False)) as stack:
            living.extend(stack.processes().values())
            raise LookupError("a bug of ours")

    with pytest.raises(LookupError, match="a bug of ours"):
        await run_into_a_bug()
    assert {process.name for process in living} == SERVERS
    assert not any(process.is_running for process in living)
    assert RunLock.holder(folder.lock_file) is None
