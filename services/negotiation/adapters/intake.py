"""The vault in intake over HTTP: names for the moment of showing, and no page that fails because the vault is away."""

from __future__ import annotations

from uuid import UUID

import httpx
import orjson
import structlog

from services.negotiation.application.ports import Names
from shared.kernel.clock import Clock
from shared.service.signatures import sign

PATH = "/internal/v1/persons/reveal"
TIMEOUT_S = 2.0
KEY_ID = "service:negotiation"

log = structlog.get_logger("concord.negotiation")


class IntakeVault:
    """Signed calls to intake. One client for the life of the process."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock) -> None:
        self._client = client
        self._secret = secret
        self._clock = clock

    async def reveal(self, case_id: UUID) -> Names | None:
        body = orjson.dumps({"case_ids": [str(case_id)]})
        headers = sign(self._secret, key_id=KEY_ID, at=self._clock.now(), method="POST", path=PATH, body=body)
        try:
            response = await self._client.post(
                PATH, content=body, headers={**headers, "content-type": "application/json"}
            )
            response.raise_for_status()
            persons = response.json()["persons"]
            return Names(str(persons[0]["name"]), str(persons[0]["creditor_name"])) if persons else None
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("vault.away", case_id=str(case_id), error=type(error).__name__)
            return None
