"""Requests in a folder that the lender, or whoever carries files to the bureau, fetches and answers into.

<folder>/<request>/facts.json, letter.pdf      written by us, the folder whole or not at all
<folder>/<request>/answer.json                 written by them: {"answer": "corrected"}
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import get_args
from uuid import UUID

import orjson
import structlog

from services.negotiation.application.fresh_start_ports import BureauAway, CorrectionFile
from services.negotiation.domain.fresh_start.corrections import Correction, CorrectionAnswer

ANSWER_BYTES_MAX = 10_000
ANSWERS: tuple[CorrectionAnswer, ...] = get_args(CorrectionAnswer)

log = structlog.get_logger("concord.negotiation")


class FolderBureau:
    """`Bureau`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def hand_over(self, file: CorrectionFile) -> None:
        try:
            await asyncio.to_thread(self._write, file)
        except OSError as error:
            raise BureauAway(type(error).__name__) from error

    async def answers(self, corrections: Sequence[Correction], now: datetime) -> Mapping[UUID, CorrectionAnswer]:
        return await asyncio.to_thread(self._read, [correction.correction_id for correction in corrections])

    def _write(self, file: CorrectionFile) -> None:
        name = str(file.correction.correction_id)
        target, draft = self._folder / name, self._folder / f".{name}.part"
        if target.exists():
            return
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        (draft / "facts.json").write_bytes(file.facts)
        (draft / "letter.pdf").write_bytes(file.letter)
        draft.rename(target)

    def _read(self, correction_ids: Sequence[UUID]) -> dict[UUID, CorrectionAnswer]:
        come: dict[UUID, CorrectionAnswer] = {}
        for correction_id in correction_ids:
            path = self._folder / str(correction_id) / "answer.json"
            try:
                if path.stat().st_size > ANSWER_BYTES_MAX:
                    raise ValueError("too large")
                said = orjson.loads(path.read_bytes())["answer"]
            except FileNotFoundError:
                continue
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning(
                    "correction.answer_unreadable", correction_id=str(correction_id), error=type(error).__name__
                )
                continue
            if said in ANSWERS:
                come[correction_id] = said
        return come
