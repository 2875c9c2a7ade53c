"""Letters on the shared press, made in a thread of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
import typst
import yaml

from services.outreach.adapters.wording import day_text
from services.outreach.application.content_ports import LetterOrder
from shared.paper.press import Press
from shared.paper.qr import qr_png

HERE = Path(__file__).parent
BATCH_S_MAX = 10.0
"""What is not printed in this time waits for its next turn: the lease of the batch runs."""
_ROW = re.compile(r"^ {2,}(\S.*?) {2,}(\S.*)$")

log = structlog.get_logger("concord.outreach.letters")


class TypstPress:
    """`LetterPress`."""

    is_open = True

    def __init__(self, agency: Mapping[str, str], complaints: str) -> None:
        self._agency, self._complaints = agency, complaints
        self._labels: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "labels.yaml").read_text("utf-8"))
        self._press = Press(HERE / "letter.typ")

    async def print(self, orders: Sequence[LetterOrder]) -> Mapping[UUID, bytes]:
        return await asyncio.to_thread(self._print, orders)

    def _print(self, orders: Sequence[LetterOrder]) -> dict[UUID, bytes]:
        printed: dict[UUID, bytes] = {}
        ends_at = monotonic() + BATCH_S_MAX
        for order in orders:
            if monotonic() > ends_at:
                log.warning("letters.not_in_time", letters=len(orders), printed=len(printed))
                break
            try:
                printed[order.attempt_id] = self.make(order)
            except typst.TypstError as error:
                # The message may quote the letter; the number of hints is all that is safe to tell.
                log.error("letter.not_made", attempt_id=str(order.attempt_id), hints=len(error.hints))
        return printed

    def make(self, order: LetterOrder) -> bytes:
        """One PDF. The same order gives the same bytes. Raises `TypstError`."""
        return self._press.make(self._data(order), datetime.combine(order.dated_on, time(), UTC))

    def _data(self, order: LetterOrder) -> dict[str, Any]:
        worded = order.worded
        labels = self._labels[worded.language]
        options = labels["options"]["validation_notice" if order.kind == "validation_notice" else "letter"]
        return {
            "language": worded.language,
            "paper": "us-letter" if worded.variables.get("is_us") else "a4",
            "sender": {"name": self._agency[worded.language], "complaints": self._complaints},
            "creditor": worded.creditor,
            "recipient": {"name": order.name, "address": _rows_of(order.address)},
            "date": day_text(order.dated_on, worded.language),
            "reference": worded.code,
            "subject": worded.subject,
            "blocks": blocks_of(worded.text),
            "qr": list(qr_png(worded.check_link)),
            "labels": {**labels, "options": options},
        }


def blocks_of(text: str) -> list[dict[str, Any]]:
    """The text's paragraphs, and its indented `label  value` lines as tables."""
    blocks: list[dict[str, Any]] = []
    for line in text.splitlines():
        row = _ROW.match(line)
        if row is None:
            if line.strip():
                blocks.append({"kind": "paragraph", "text": line.strip()})
        elif blocks and blocks[-1]["kind"] == "rows":
            blocks[-1]["rows"].append([row[1], row[2]])
        else:
            blocks.append({"kind": "rows", "rows": [[row[1], row[2]]]})
    return blocks


def _rows_of(address: str) -> list[str]:
    """As it was written; one line of commas is set in several."""
    rows = [row.strip() for row in address.splitlines() if row.strip()]
    return [part.strip() for part in rows[0].split(",")] if len(rows) == 1 else rows
