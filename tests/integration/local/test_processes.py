"""Processes end when they are told to, with everything that they started, and no stranger is ever hit."""

from __future__ import annotations

import os
import signal
import socket
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from deploy.local import supervisor
from deploy.local.errors import ProcessFailed
from deploy.local.processes import Command, Entry, Process, Registry
from deploy.local.supervisor import STOPPED_ON_PURPOSE, Supervisor
from tests.integration.local.waiting import eventually

Make = Callable[..., Process]

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES_TERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
HAS_A_CHILD = textwrap.dedent("""
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    print(child.pid, flush=True)
    time.sleep(600)
""")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "pids.json")


@pytest.fixture
async def make(tmp_path: Path, registry: Registry) -> AsyncIterator[Make]:
    made: list[Process] = []

    def make(program: str, name: str = "child", stop_within_seconds: float = 5) -> Process:
        argv = (sys.executable, "-c", program)
        command = Command(name, argv, os.environ, tmp_path, stop_within_seconds=stop_within_seconds)
        made.append(Process(command, tmp_path / f"{name}.log", registry))
        return made[-1]

    yield make
    for process in made:
        await process.kill()


async def _started(process: Process) -> Process:
    process.start()

    async def has_spoken() -> bool:
        return process.log_file.stat().st_size > 0

    await process.wait_ready(has_spoken, within_seconds=20)
    return process


async def test_a_process_that_ignores_the_request_is_killed_after_its_grace(make: Make) -> None:
    process = await _started(make(IGNORES_TERM, stop_within_seconds=0.3))
    pid = process.pid

    await process.stop()

    assert not psutil.pid_exists(pid)
    assert process.exit_code == -signal.SIGKILL


async def test_a_frozen_process_can_be_stopped(make: Make) -> None:
    process = await _started(make(SLEEPS))
    process.freeze()

    await process.stop()

    assert process.exit_code == -signal.SIGTERM


async def test_what_a_process_started_ends_with_it(make: Make) -> None:
    process = await _started(make(HAS_A_CHILD))
    grandchild = int(process.log_file.read_text())
    assert psutil.pid_exists(grandchild)

    await process.kill()

    await eventually(lambda: not _lives(grandchild))


async def test_an_early_end_is_told_with_the_end_of_the_log(make: Make) -> None:
    process = make("raise SystemExit('no such topic')")
    process.start()

    async def never() -> bool:
        return False

    with pytest.raises(ProcessFailed, match=r"ended with code 1 before it was ready(.|\n)*no such topic"):
        await process.wait_ready(never, within_seconds=20)


async def test_a_process_that_is_not_ready_in_time_is_told(make: Make) -> None:
    process = await _started(make(SLEEPS))

    async def never() -> bool:
        return False

    with pytest.raises(ProcessFailed, match=r"not ready within 0.1 seconds"):
        await process.wait_ready(never, within_seconds=0.1)


async def test_a_later_run_ends_what_an_earlier_one_left(make: Make, registry: Registry) -> None:
    process = await _started(make(IGNORES_TERM.replace("SIG_IGN", "SIG_DFL")))

    left = Registry(registry.path).end_leftovers()

    assert left == ["child"]
    assert not process.is_running


@pytest.mark.parametrize(
    "as_a_stranger",
    [
        pytest.param(lambda entry: replace(entry, started_at=1_000_000.0), id="another start time"),
        pytest.param(lambda entry: replace(entry, argv=("postgres", "-D", "/elsewhere")), id="another command"),
    ],
)
async def test_a_stranger_with_a_reused_id_is_left_alone(
    make: Make, registry: Registry, as_a_stranger: Callable[[Entry], Entry]
) -> None:
    process = await _started(make(SLEEPS))
    registry.add(as_a_stranger(registry.read()[0]))

    assert Registry(registry.path).end_leftovers() == []

    assert process.is_running


@pytest.mark.parametrize("content", ["", "{", '{"pid": 1}', '[{"pid": 1}]'])
def test_a_registry_that_was_cut_short_names_nobody(registry: Registry, content: str) -> None:
    registry.path.write_text(content)
    assert registry.read() == []


def test_a_wrapper_that_became_its_program_is_known_again() -> None:
    me = psutil.Process()
    argv = ("setpriv", "--reuid", "65534", *me.cmdline())
    entry = Entry(me.pid, me.create_time(), argv, "wrapped", int(signal.SIGTERM))
    assert entry.process() == me


class TestSupervisor:
    """What happens when a watched process ends by itself."""

    @pytest.fixture
    def said(self) -> list[str]:
        return []

    @pytest.fixture
    def watch(self, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Supervisor:
        monkeypatch.setattr(supervisor, "_FIRST_PAUSE_SECONDS", 0.01)
        monkeypatch.setattr(supervisor, "_LONGEST_PAUSE_SECONDS", 0.02)
        monkeypatch.setattr(supervisor, "_TRIES_MAX", 3)
        return Supervisor(said.append)

    async def test_a_service_that_dies_is_started_again(self, make: Make, watch: Supervisor) -> None:
        process = await _started(make(SLEEPS))
        first = process.pid
        watch.watch(process, may_restart=True)

        await process.crash()
        await eventually(lambda: looked(watch) and process.is_running)

        assert process.pid != first
        assert watch.restarts("child") == 1

    async def test_a_service_that_stopped_itself_on_purpose_stays_down(
        self, make: Make, watch: Supervisor, said: list[str]
    ) -> None:
        process = make(f"raise SystemExit({STOPPED_ON_PURPOSE})")
        process.start()
        watch.watch(process, may_restart=True)

        await eventually(lambda: looked(watch) and said)

        assert "waits for a person" in said[0]
        assert not process.is_wanted

    async def test_a_service_that_cannot_stay_up_ends_the_stack(self, make: Make, watch: Supervisor) -> None:
        process = make("raise SystemExit('bad settings')")
        process.start()
        watch.watch(process, may_restart=True)

        with pytest.raises(ProcessFailed, match=r"4 times in a row(.|\n)*bad settings"):
            await eventually(lambda: looked(watch) and False)

    async def test_a_server_that_dies_ends_the_stack(self, make: Make, watch: Supervisor) -> None:
        process = await _started(make(SLEEPS))
        watch.watch(process, may_restart=False)
        await process.crash()

        with pytest.raises(ProcessFailed, match="while it was needed"):
            watch.look()

    async def test_a_process_that_was_stopped_by_us_is_not_missed(self, make: Make, watch: Supervisor) -> None:
        process = await _started(make(SLEEPS))
        watch.watch(process, may_restart=False)
        await process.stop()

        watch.look()

        assert not process.is_running


def looked(watch: Supervisor) -> bool:
    watch.look()
    return True


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_port_that_somebody_else_answers_on_is_not_taken_for_ours(make: Make) -> None:
    stranger = socket.create_server(("127.0.0.1", 0))
    listens = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); "
    ours = await _started(make(listens + "time.sleep(600)"))
    assert not ours.listens_on(stranger.getsockname()[1])
    assert ours.listens_on(int(ours.log_file.read_text().strip()))
    await ours.stop()
    assert not ours.listens_on(stranger.getsockname()[1])
    stranger.close()
