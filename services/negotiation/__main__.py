"""`python -m services.negotiation ROLE`, or `replay-books --journal FILE`."""

from __future__ import annotations

import asyncio
import sys

from services.negotiation.adapters.work import BeginWork
from services.negotiation.entrypoints.replay_command import replay_file, report
from services.negotiation.main import create_service
from shared.db.database import open_database
from shared.service.roles import open_clock, run_service


async def _replay(path: str) -> int:
    """The books on file against a journal: 0 where they are equal, 1 where they are not."""
    settings = create_service().settings
    database = open_database(
        settings.database_url, "negotiation", open_clock(settings), role="concord_worker", application="replay-books"
    )
    try:
        verdict = await replay_file(BeginWork(database), path)
    finally:
        await database.close()
    sys.stdout.write(report(verdict))
    return 0 if verdict.is_equal else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["replay-books", "--journal", journal]:
            raise SystemExit(asyncio.run(_replay(journal)))
        case _:
            run_service(create_service())
