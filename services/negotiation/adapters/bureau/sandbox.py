"""The sandbox's lender, invented: it takes every request and has put the entry right ten days later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.negotiation.application.fresh_start_ports import CorrectionFile
from services.negotiation.domain.fresh_start.corrections import Correction, CorrectionAnswer

ANSWERS_AFTER = timedelta(days=10)


class SandboxBureau:
    """`Bureau`. Its answer follows from the moment of sending, so that every process of a sandbox gives the same."""

    async def hand_over(self, file: CorrectionFile) -> None:
        if not file.letter.startswith(b"%PDF-"):
            raise ValueError("a letter is a PDF")

    async def answers(self, corrections: Sequence[Correction], now: datetime) -> Mapping[UUID, CorrectionAnswer]:
        return {
            c.correction_id: "corrected"
            for c in corrections
            if c.sent_at is not None and now >= c.sent_at + ANSWERS_AFTER
        }
