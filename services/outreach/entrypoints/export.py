"""`python -m services.outreach export FOLDER|FILE.zip [--case ID] [--since MOMENT]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.outreach.application.export_chains import export_chains
from services.outreach.application.ports import Resources
from services.outreach.application.proof_ports import Scope
from shared.db.database import open_database
from shared.service.roles import open_clock
from shared.service.service import Platform, Service


def run_export(service: Service[Resources], words: Sequence[str]) -> int:
    """The exit code. Progress goes to standard error, the last line to standard output."""
    parser = argparse.ArgumentParser(prog="python -m services.outreach export", description="hand out decisions")
    parser.add_argument("target", type=Path, metavar="FOLDER|FILE.zip", help="must not exist, or be an empty folder")
    parser.add_argument("--case", type=UUID, help="this case's decisions alone")
    parser.add_argument(
        "--since", type=_moment, help="ISO 8601 with a zone: from each case's first decision since then"
    )
    given = parser.parse_args(words)
    try:
        count, manifest = asyncio.run(_export(service, given.target, Scope(given.case, given.since)))
    except FileExistsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{count} decisions exported to {given.target}, manifest {manifest}\n")
    return 0


async def _export(service: Service[Resources], target: Path, scope: Scope) -> tuple[int, str]:
    settings = service.settings
    database = open_database(settings.database_url, service.name, open_clock(settings), role="concord_worker")
    platform = Platform(role="export", clock=open_clock(settings), database=database)
    try:
        async with service.open_resources(platform) as resources:
            with resources.open_archive(target) as archive:
                return await export_chains(resources, archive, scope, _say)
    finally:
        await database.close()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs its zone, e.g. 2026-03-02T00:00:00Z")
    return moment
