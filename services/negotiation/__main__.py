"""`python -m services.negotiation ROLE`, or a command of negotiation's own (`--help` lists both)."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

from services.negotiation.adapters.documents.check_command import run as check_document
from services.negotiation.adapters.fair_vectors import our_files, read_vectors
from services.negotiation.adapters.fair_vectors import report as report_vectors
from services.negotiation.adapters.work import BeginWork
from services.negotiation.application.audit_offers import audit_offers
from services.negotiation.entrypoints.offers import audit_answer
from services.negotiation.entrypoints.replay_command import replay_file, report
from services.negotiation.entrypoints.schemas import dumped
from services.negotiation.main import create_service
from shared.db.database import open_database
from shared.service.genuine_keys import new_secret
from shared.service.roles import open_clock, run_service

COMMANDS = """
and the commands of negotiation:
  equal-offers              make every recorded set of offers again: the same facts, the same offers
  replay-books --journal F  rebuild the books from an exported journal (- is standard input) and compare
  vectors [FILE ...]        fair terms and caps on interest against their published cases
  check-document FILE ...   whether a document is ours and unchanged, with published files alone
  document-key              a new key for the codes on documents
"""


async def _audit_offers() -> int:
    """Every recorded set of offers again: 0 where the same facts gave the same offers, 1 where they did not."""
    settings = create_service().settings
    database = open_database(
        settings.database_url, "negotiation", open_clock(settings), role="concord_worker", application="equal-offers"
    )
    try:
        async with BeginWork(database)() as work:
            audit = await audit_offers(work)
    finally:
        await database.close()
    sys.stdout.buffer.write(dumped(audit_answer(audit)) + b"\n")
    return 0 if audit.is_equal else 1


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


def _check_vectors(files: list[str]) -> int:
    """Ask fairness and the caps every vector of the files (of ours, where none is named); 1 where one differs."""
    lines, failed = report_vectors(read_vectors(map(Path, files) if files else our_files()))
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["equal-offers"]:
            raise SystemExit(asyncio.run(_audit_offers()))
        case ["replay-books", "--journal", journal]:
            raise SystemExit(asyncio.run(_replay(journal)))
        case ["check-document", *words]:
            status, said = check_document(words)
            sys.stdout.write(said + "\n")
            raise SystemExit(status)
        case ["document-key"]:
            sys.stdout.write(new_secret() + "\n")
        case ["vectors", *files]:
            raise SystemExit(_check_vectors(files))
        case ["-h" | "--help"]:
            with contextlib.suppress(SystemExit):
                run_service(create_service())
            sys.stdout.write(COMMANDS)
        case _:
            run_service(create_service())
