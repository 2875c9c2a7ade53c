"""The books, made again from the journal alone: reporting exports it, negotiation's own command replays it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.folder import REPOSITORY
from deploy.sandbox.calls import STAFF_HEADERS, Caller, UnexpectedAnswer

WITHIN_SECONDS = 300.0


async def replay(caller: Caller, reporting_url: str, target: Path, service_environment: Mapping[str, str]) -> str:
    """What differs; empty where the books on file are what the journal gives. The export is removed again."""
    try:
        await _export(caller, f"{reporting_url}/v1/journal/export", target)
        return await _replay(target, {**os.environ, **service_environment})
    finally:
        await asyncio.to_thread(target.unlink, missing_ok=True)


async def _export(caller: Caller, url: str, target: Path) -> None:
    async with caller.client.stream("GET", url, headers=STAFF_HEADERS) as response:
        if not response.is_success:
            await response.aread()
            raise UnexpectedAnswer(response)
        with target.open("wb") as file:
            async for part in response.aiter_bytes():
                file.write(part)


async def _replay(journal: Path, environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.negotiation",
        "replay-books",
        "--journal",
        str(journal),
        cwd=REPOSITORY,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), WITHIN_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        return f"no end within {WITHIN_SECONDS:.0f} s"
    told = output.decode().strip().splitlines()
    if process.returncode == 0 and told and told[0].startswith("equal"):
        return ""
    said = told[:3] or errors.decode().strip().splitlines()[-1:]
    return f"the replay ended with {process.returncode}: {'; '.join(said)}"
