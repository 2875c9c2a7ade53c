"""intake's vault over HTTP: names and addresses at the moment of sending, in one call for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import httpx
import orjson

from services.outreach.application.contact_ports import Addressee, Match, VaultAway
from services.outreach.domain.person_groups import Token
from shared.kernel.clock import Clock
from shared.service.signatures import sign

KEY_ID = "service:outreach"
TIMEOUT_S = 5.0
REVEAL_MAX = 1_000
TOKENS_MAX = 1_000
CREDITOR_NAMES_MAX = 1_000
EXAMPLE_CASES = 5


class HttpVault:
    """Remembers the names of creditors, which are no personal data, and nothing else."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock) -> None:
        self._client = client
        self._secret = secret
        self._clock = clock
        self._creditor_names: dict[UUID, str] = {}

    async def reveal(self, wanted: Mapping[UUID, tuple[UUID, UUID]]) -> dict[UUID, Addressee]:
        await self._learn_creditors(wanted.values())
        ids = [str(point_id) for point_id in wanted]
        found: dict[UUID, Addressee] = {}
        for start in range(0, len(ids), REVEAL_MAX):
            body = {"contact_point_ids": ids[start : start + REVEAL_MAX]}
            answer = await self._post("/internal/v1/contact-points/reveal", body)
            for entry in answer["contact_points"]:
                point_id = UUID(entry["contact_point_id"])
                creditor_name = self._creditor_names.get(wanted[point_id][1]) if point_id in wanted else None
                if creditor_name is not None:
                    found[point_id] = Addressee(
                        point_id, entry["value"], entry["name"], entry["language"], creditor_name
                    )
        return found

    async def find(self, kind: str, value: str) -> list[Match]:
        answer = await self._post("/internal/v1/contact-points/find", {"kind": kind, "value": value})
        return [
            Match(
                UUID(entry["contact_point_id"]),
                UUID(entry["person_id"]),
                tuple(UUID(case_id) for case_id in entry["case_ids"]),
            )
            for entry in answer["matches"]
        ]

    async def tokens(self, person_ids: Sequence[UUID]) -> dict[UUID, frozenset[Token]]:
        found: dict[UUID, frozenset[Token]] = {}
        for start in range(0, len(person_ids), TOKENS_MAX):
            body = {"person_ids": [str(person_id) for person_id in person_ids[start : start + TOKENS_MAX]]}
            answer = await self._post("/internal/v1/persons/tokens", body)
            for entry in answer["persons"]:
                tokens = frozenset((token["key_id"], bytes.fromhex(token["token"])) for token in entry["tokens"])
                found[UUID(entry["person_id"])] = tokens
        return found

    async def account_endings(self, case_ids: Sequence[UUID]) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for start in range(0, len(case_ids), REVEAL_MAX):
            body = {"case_ids": [str(case_id) for case_id in case_ids[start : start + REVEAL_MAX]]}
            answer = await self._post("/internal/v1/persons/reveal", body)
            found |= {UUID(e["case_id"]): e["account_ending"] for e in answer["persons"] if e["account_ending"]}
        return found

    async def _learn_creditors(self, cases: Iterable[tuple[UUID, UUID]]) -> None:
        """Ask with a few cases of each unknown creditor: the person behind one of them may be erased."""
        examples: dict[UUID, list[UUID]] = defaultdict(list)
        for case_id, creditor_id in cases:
            if creditor_id not in self._creditor_names and len(examples[creditor_id]) < EXAMPLE_CASES:
                examples[creditor_id].append(case_id)
        creditor_of = {case_id: creditor for creditor, case_ids in examples.items() for case_id in case_ids}
        if not creditor_of:
            return
        if len(self._creditor_names) + len(examples) > CREDITOR_NAMES_MAX:
            self._creditor_names.clear()
        answer = await self._post(
            "/internal/v1/persons/reveal", {"case_ids": [str(case_id) for case_id in creditor_of]}
        )
        for entry in answer["persons"]:
            self._creditor_names[creditor_of[UUID(entry["case_id"])]] = entry["creditor_name"]

    async def _post(self, path: str, document: Mapping[str, Any]) -> Any:
        body = orjson.dumps(document)
        headers = sign(self._secret, key_id=KEY_ID, at=self._clock.now(), method="POST", path=path, body=body)
        try:
            answer = await self._client.post(
                path, content=body, headers={**headers, "Content-Type": "application/json"}, timeout=TIMEOUT_S
            )
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            # The type alone: the text of the error may hold the URL of a request and what it was about.
            raise VaultAway(type(error).__name__) from None
