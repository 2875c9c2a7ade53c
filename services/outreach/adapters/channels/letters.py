"""Letters for a print house: PDFs in `out/`, and for each a job in `jobs/`. A letter without a job is none.

The job is written last and by one rename, so that it is there whole or not at all; it stays when the print house takes
the PDF away. It is therefore the proof by which a repetition is told, and by which it can be asked later what became of
a letter. Addresses stand on the letter alone.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import orjson
import structlog

from services.outreach.application.contact_ports import NOT_ACCEPTED, Message

log = structlog.get_logger("concord.outreach.channels")


class LetterChannel:
    """A `Carrier`. Makes its folders at the start: one that cannot be written to stops it."""

    def __init__(self, folder: Path) -> None:
        self._out, self._jobs = folder / "out", folder / "jobs"
        for place in (self._out, self._jobs):
            place.mkdir(parents=True, exist_ok=True)

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        return await asyncio.to_thread(self._send, messages)

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        """A letter with a job was handed over; one without never was."""
        return {attempt_id: "sent" if self._job(attempt_id).exists() else NOT_ACCEPTED for attempt_id in attempt_ids}

    def _send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        return {message.attempt_id: self._drop(message) for message in messages}

    def _drop(self, message: Message) -> str:
        if self._job(message.attempt_id).exists():
            return "sent"
        if message.document is None:
            return NOT_ACCEPTED
        letter = self._out / f"{message.attempt_id}.pdf"
        try:
            _write(letter, message.document)
            _write(self._job(message.attempt_id), _manifest(message, letter.name))
        except OSError as error:
            # Without its job the letter will not be printed: nothing was handed over.
            log.error("letter.not_dropped", attempt_id=str(message.attempt_id), error=error.strerror)
            return NOT_ACCEPTED
        return "sent"

    def _job(self, attempt_id: UUID) -> Path:
        return self._jobs / f"{attempt_id}.json"


def _manifest(message: Message, letter: str) -> bytes:
    job = {
        "attempt_id": str(message.attempt_id),
        "dropped_at": message.sent_at.isoformat(),
        "file": f"out/{letter}",
        "language": message.language,
        "sha256": sha256(message.document or b"").hexdigest(),
        "version": 1,
    }
    return orjson.dumps(job, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the machine stops in between."""
    half = path.with_suffix(path.suffix + ".part")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
