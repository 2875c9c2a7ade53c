"""`python -m deploy.local up|down|status|reset`: the stack without the sandbox, kept up in the background."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.local.errors import StackError, StackInterrupted
from deploy.local.folder import REPOSITORY, LocalFolder, RunLock
from deploy.local.processes import Registry, log_tail
from deploy.local.stack import Stack, StackOptions

_UP_WITHIN_SECONDS = 1200.0
_DOWN_WITHIN_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.1


def main() -> int:
    """Do what the command line says; the exit code tells whether it was done."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("verb", choices=["up", "down", "status", "reset"])
    parser.add_argument("--servers-only", action="store_true", help="up: Kafka, PostgreSQL and Zipkin, no services")
    parser.add_argument("--foreground", action="store_true", help="up: stay in this terminal until Ctrl-C")
    arguments = parser.parse_args()
    folder = LocalFolder.main()
    try:
        match arguments.verb:
            case "up" if arguments.foreground:
                return asyncio.run(_serve(folder, with_services=not arguments.servers_only))
            case "up":
                return _up(folder, ["--servers-only"] if arguments.servers_only else [])
            case "down":
                return _down(folder)
            case "reset":
                return _reset(folder)
            case _:
                return _status(folder)
    except StackInterrupted as interrupted:
        print(interrupted)
        return interrupted.exit_code
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


async def _serve(folder: LocalFolder, *, with_services: bool) -> int:
    options = StackOptions(folder=folder, with_services=with_services, keep_data=True, say=_say)
    async with Stack(options) as stack:
        _print_addresses(stack.addresses)
        await asyncio.Event().wait()
    return 0


def _up(folder: LocalFolder, flags: list[str]) -> int:
    """Start the stack in a process of its own and return when it is ready; its lines are repeated here."""
    holder = RunLock.holder(folder.lock_file)
    if holder is not None:
        print(f"a stack is up already (process {holder})")
        return _status(folder)
    folder.root.mkdir(parents=True, exist_ok=True)
    folder.state_file.unlink(missing_ok=True)  # of a run that was killed: it would pass for ours
    log_file = folder.root / "up.log"
    argv = [sys.executable, "-m", "deploy.local", "up", "--foreground", *flags]
    with log_file.open("wb") as log:
        stack = subprocess.Popen(
            argv, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        return _follow(stack, log_file, folder.state_file)
    except KeyboardInterrupt:
        stack.send_signal(signal.SIGTERM)
        stack.wait(_DOWN_WITHIN_SECONDS)
        raise


def _follow(stack: subprocess.Popen[bytes], log_file: Path, state_file: Path) -> int:
    deadline = time.monotonic() + _UP_WITHIN_SECONDS
    with log_file.open() as lines:
        while time.monotonic() < deadline:
            ended = stack.poll()
            ready = state_file.exists()
            print(lines.read(), end="", flush=True)
            if ended is not None:
                return ended or 1
            if ready:
                print("the stack is up; `make down` stops it")
                return 0
            time.sleep(_LOOK_EVERY_SECONDS)
    stack.send_signal(signal.SIGTERM)
    print(f"the stack was not up within {_UP_WITHIN_SECONDS:g} seconds:\n{log_tail(log_file)}", file=sys.stderr)
    return 1


def _down(folder: LocalFolder) -> int:
    """End the run that holds the folder, whichever it is, and whatever an earlier one left behind."""
    holder = RunLock.holder(folder.lock_file)
    if holder:
        print(f"stopping the run of process {holder}")
        os.kill(holder, signal.SIGTERM)
        deadline = time.monotonic() + _DOWN_WITHIN_SECONDS
        while RunLock.holder(folder.lock_file) is not None:
            if time.monotonic() > deadline:
                raise StackError(f"process {holder} did not stop within {_DOWN_WITHIN_SECONDS:g} seconds")
            time.sleep(_LOOK_EVERY_SECONDS)
    lock = RunLock(folder.lock_file)
    lock.acquire()
    try:
        leftovers = Registry(folder.registry_file).end_leftovers()
        folder.state_file.unlink(missing_ok=True)
    finally:
        lock.release()
    for name in leftovers:
        print(f"ended {name}, left by an earlier run")
    print("nothing is running")
    return 0


def _reset(folder: LocalFolder) -> int:
    """Stop, and throw away the data and logs; the verified archives stay."""
    _down(folder)
    for path in folder.root.iterdir() if folder.root.exists() else ():
        if path.is_dir() and path != folder.cache:
            shutil.rmtree(path)
    print(f"data and logs in {folder.root} are gone; the archives in {folder.cache} stay")
    return 0


def _status(folder: LocalFolder) -> int:
    """Print what runs and where; exit code 3 where nothing does, as service scripts have it."""
    holder = RunLock.holder(folder.lock_file)
    print(f"stack: {'down' if holder is None else f'held by process {holder}'} ({folder.root})")
    for entry in Registry(folder.registry_file).read():
        process = entry.process()
        if process is not None:
            memory = process.memory_info().rss // 1_000_000
            print(f"  {entry.name:<24} process {entry.pid:<8} {memory:>5} MB  {process.status()}")
    if folder.state_file.exists():
        _print_addresses(json.loads(folder.state_file.read_text())["addresses"])
    return 3 if holder is None else 0


def _print_addresses(addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        print(f"  {name:<24} {address}", flush=True)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
