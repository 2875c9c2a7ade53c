"""Outreach over signed HTTP, for the legal track: hand-overs with their proof, and the record of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import structlog

from services.negotiation.adapters.signed_calls import SignedCalls
from services.negotiation.application.legal_ports import DOCUMENT_BYTES_MAX, Handover, OutreachAway
from shared.kernel.clock import Clock

log = structlog.get_logger("concord.negotiation")


class OutreachHandovers:
    """`Handovers`."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock, url: str) -> None:
        self._calls = SignedCalls(client, secret, clock, url)

    async def since(self, signed_since: datetime, after: UUID | None, limit: int) -> list[Handover]:
        asked = {"since": signed_since.isoformat(), "limit": str(limit), **({"after": str(after)} if after else {})}
        answer = await self._get(f"/internal/v1/legal-handovers?{urlencode(asked)}")
        try:
            return [_handover(entry) for entry in answer.json()["handovers"]]
        except (ValueError, KeyError, TypeError):
            log.warning("outreach.unreadable")
            raise OutreachAway from None

    async def state(self, handover_id: UUID) -> str:
        answer = await self._get(f"/internal/v1/legal-handovers/{handover_id}")
        try:
            return str(answer.json()["state"])
        except (ValueError, KeyError, TypeError):
            raise OutreachAway from None

    async def record(self, case_id: UUID) -> bytes:
        answer = await self._get(f"/internal/v1/cases/{case_id}/legal-record")
        if len(answer.content) > DOCUMENT_BYTES_MAX:
            log.warning("outreach.record_too_large", case_id=str(case_id))
            raise OutreachAway
        return answer.content

    async def _get(self, path: str) -> httpx.Response:
        try:
            return (await self._calls.send("GET", path)).raise_for_status()
        except httpx.HTTPError as error:
            log.warning("outreach.away", error=type(error).__name__)
            raise OutreachAway from None


def _handover(entry: dict[str, Any]) -> Handover:
    return Handover(
        UUID(entry["handover_id"]),
        UUID(entry["case_id"]),
        UUID(entry["creditor_id"]),
        str(entry["state"]),
        str(entry["prepared_by"]),
        str(entry["signed_by"]),
        datetime.fromisoformat(entry["signed_at"]),
        str(entry["proof"]),
        str(entry["proof_hash"]),
    )
