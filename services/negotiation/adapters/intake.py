"""The vault in intake over HTTP: names for the moment of showing, and whether an answer to its question is right.

A page does without names where the vault is away; nobody gets in without its answer.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

import httpx
import structlog

from services.negotiation.adapters.signed_calls import SignedCalls
from services.negotiation.application.access_ports import FactorAnswer, VaultAway
from services.negotiation.application.ports import Names
from services.negotiation.domain.access import FactorKind
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.clock import Clock
from shared.kernel.refusal import Invalid

PATH = "/internal/v1/persons/reveal"
FACTOR_PATH = "/internal/v1/persons/second-factor"
TIMEOUT_S = 2.0

log = structlog.get_logger("concord.negotiation")


class IntakeVault:
    """Signed calls to intake."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock) -> None:
        self._calls = SignedCalls(client, secret, clock, timeout_s=TIMEOUT_S)

    async def reveal(self, case_id: UUID) -> Names | None:
        try:
            response = await self._calls.send("POST", PATH, {"case_ids": [str(case_id)]})
            response.raise_for_status()
            persons = response.json()["persons"]
            return Names(str(persons[0]["name"]), str(persons[0]["creditor_name"])) if persons else None
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("vault.away", case_id=str(case_id), error=type(error).__name__)
            return None

    async def check(self, case_id: UUID, answer: str | None) -> FactorAnswer:
        asked = {"case_id": str(case_id)} | ({"answer": answer} if answer is not None else {})
        try:
            response = await self._calls.send("POST", FACTOR_PATH, asked)
            if response.status_code == httpx.codes.NOT_FOUND:
                raise NoSuchThing("case")
            if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
                raise Invalid("invalid_request", "the answer has a form that nothing on file can have")
            checked = response.raise_for_status().json()
            return FactorAnswer(cast(FactorKind, checked["kind"]), checked["is_right"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            # Also where it counts too many wrong answers itself: nobody gets in, and nothing is told.
            log.warning("vault.away", case_id=str(case_id), error=type(error).__name__)
            raise VaultAway("the vault cannot be asked") from None
