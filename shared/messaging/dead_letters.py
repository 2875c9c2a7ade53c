"""What operators do with cases in quarantine: list, show, release, discard. `make dead-letters SERVICE=...`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import orjson

from shared.db.database import Database
from shared.messaging import ledger
from shared.messaging.batch import BatchHandler

LIST_MAX = 200
USAGE = """dead-letters list                 cases in quarantine, oldest first
dead-letters show KEY             what waits for one case: identifiers and attributes, no bodies
dead-letters release KEY|--all    handle what waits, in order
dead-letters discard KEY          drop the event at the head of the queue, then handle the rest"""


async def run(handler: BatchHandler, arguments: Sequence[str]) -> tuple[int, list[str]]:
    """Carry out one command; answers with the exit status and the lines to print."""
    match list(arguments):
        case ["list"]:
            return 0, await _list(handler.database)
        case ["show", key]:
            return 0, await _show(handler.database, key)
        case ["release", "--all"]:
            keys = await _keys(handler.database)
            results = [await _release(handler, key) for key in keys]
            return max((status for status, _ in results), default=0), [line for _, line in results] or ["nothing to do"]
        case ["release", key]:
            status, line = await _release(handler, key)
            return status, [line]
        case ["discard", key]:
            status, line = await _release(handler, key, discard_first=True)
            return status, [line]
        case _:
            return 2, USAGE.splitlines()


async def _keys(database: Database) -> list[str]:
    async with database.transaction() as transaction:
        driver = await transaction.driver()
        return [
            row["key"] for row in await driver.fetch("SELECT key FROM quarantine ORDER BY since LIMIT $1", LIST_MAX)
        ]


async def _list(database: Database) -> list[str]:
    async with database.transaction() as transaction:
        driver = await transaction.driver()
        rows = await driver.fetch(
            'SELECT q.key, q.since, q.topic, q.partition, q."offset", q.attempts, q.reason, '
            "(SELECT count(*) FROM waiting w WHERE w.key = q.key) AS events "
            "FROM quarantine q ORDER BY q.since LIMIT $1",
            LIST_MAX,
        )
    return [
        f"{row['key']}  since {row['since']:%Y-%m-%d %H:%M:%S}Z  {row['topic']}[{row['partition']}]@{row['offset']}  "
        f"{row['events']} waiting  {row['attempts']} attempts  {row['reason']}"
        for row in rows
    ] or ["no case is in quarantine"]


async def _show(database: Database, key: str) -> list[str]:
    async with database.transaction() as transaction:
        driver = await transaction.driver()
        rows = await driver.fetch("SELECT * FROM waiting WHERE key = $1 ORDER BY id LIMIT $2", key, LIST_MAX)
    lines = []
    for row in rows:
        record = ledger.waiting_from_row(row).record
        headers = orjson.dumps(record.headers).decode()
        lines.append(
            f"{row['reason']}  {record.topic}[{record.partition}]@{record.offset}  #{record.sequence}  {headers}"
        )
    return lines or ["nothing waits for this key"]


async def _release(handler: BatchHandler, key: str, *, discard_first: bool = False) -> tuple[int, str]:
    try:
        tally = await asyncio.wait_for(handler.release(key, discard_first=discard_first), 60)
    except Exception as error:
        return 1, f"{key}: still fails ({type(error).__name__}); nothing was changed"
    if tally.quarantined:
        return 1, f"{key}: the event still cannot be read; back in quarantine"
    return 0, f"{key}: released, {tally.handled} events handled"
