"""The end of a run as an outsider sees it: decisions are handed out, and a program without servers verifies them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.folder import REPOSITORY

WITHIN_SECONDS = 600.0
ONLY_THESE = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
"""What a verifier is given of our environment: no address of a server and no secret."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the export. `fault` is empty where every decision came out the same."""

    path: Path
    fault: str
    decisions: int = 0
    differing: int = 0
    denials_by_rule: Mapping[str, int] = field(default_factory=dict)


async def prove(target: Path, service_environment: Mapping[str, str]) -> Proof:
    """Export everything into a zip file, which replaces the one of the run before, and verify it."""
    await asyncio.to_thread(target.unlink, missing_ok=True)
    words = ["services.outreach", "export", str(target)]
    code, _, errors = await _run(words, {**os.environ, **service_environment})
    if code != 0:
        return Proof(target, f"the export ended with {code}: {_last(errors)}")
    words = ["services.outreach.verifier", str(target), "--own-packs", "--json"]
    code, output, errors = await _run(words, {name: os.environ[name] for name in ONLY_THESE if name in os.environ})
    try:
        found = json.loads(output)
    except ValueError:
        return Proof(target, f"the verifier ended with {code}: {_last(errors)}")
    return Proof(
        path=target,
        fault="" if code == 0 else _fault(found),
        decisions=found["decisions"],
        differing=found["differing"],
        denials_by_rule=found["denials_by_rule"],
    )


def _fault(found: Mapping[str, Any]) -> str:
    if not found["differences"]:
        return f"the exported packs are not the repository's: {'; '.join(found['packs'])}"
    first = found["differences"][0]
    where = first["decision_id"] or first["case_id"] or "export"
    return f"{found['differing']} of {found['decisions']} decisions differ, e.g. {where}: {'; '.join(first['what'])}"


async def _run(words: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
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
        return 1, "", f"no end within {WITHIN_SECONDS:.0f} s"
    return process.returncode or 0, output.decode(), errors.decode()


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
