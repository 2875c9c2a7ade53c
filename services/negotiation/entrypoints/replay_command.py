"""`replay-books --journal FILE`: an exported journal against the books on file; `-` reads from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import orjson

from services.negotiation.application.ports import OpenWork
from services.negotiation.application.replay_books import ReplayVerdict, replay_books

SHOWN_MAX = 100


async def replay_file(begin: OpenWork, path: str) -> ReplayVerdict:
    """A file of NDJSON as `GET /v1/journal/export` of reporting gives it."""
    return await replay_books(begin, _entries(path))


def report(verdict: ReplayVerdict) -> str:
    """What the command says: one line, and the differences."""
    word = "equal" if verdict.is_equal else "DIFFERENT"
    head = f"{word}: {verdict.cases} cases, {verdict.events} events about books"
    return "\n".join([head, *verdict.differences[:SHOWN_MAX]]) + "\n"


def _entries(path: str) -> Iterator[dict[str, Any]]:
    with nullcontext(sys.stdin) if path == "-" else Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield orjson.loads(line)
