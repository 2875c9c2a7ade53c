"""Whose signature it is, intake says; whatever else it says lets nobody in."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from services.negotiation.adapters.lender_keys import PATH, IntakesLenderKeys
from services.negotiation.application.lender_ports import LenderKeysAway, NobodysKeys, SignedRequest
from shared.kernel.clock import FrozenClock
from shared.kernel.refusal import Unidentified
from shared.service.signatures import verify
from tests.unit.negotiation.builders import HARBOUR_CREDIT

SECRET = b"an invented secret between services"
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SIGNED = SignedRequest("lender:harbour", "1772463600", "v1=00", "POST", "/v1/lender/approvals?limit=1", b'{"a": 1}')


def keys(answer: httpx.Response | Exception, seen: list[httpx.Request] | None = None) -> IntakesLenderKeys:
    def handle(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="http://intake")
    return IntakesLenderKeys(client, SECRET, FrozenClock(NOW))


async def test_intake_is_asked_over_a_signed_request_with_the_raw_body() -> None:
    seen: list[httpx.Request] = []
    found = await keys(httpx.Response(200, json={"creditor_id": str(HARBOUR_CREDIT), "code": None}), seen).creditor_of(
        SIGNED
    )
    assert found == HARBOUR_CREDIT
    [request] = seen
    verify([SECRET], request.headers, now=NOW, method="POST", path=PATH, body=request.content)
    asked = orjson.loads(request.content)
    assert (base64.b64decode(asked["body"]), asked["path"], asked["method"]) == (SIGNED.body, SIGNED.path, "POST")


@pytest.mark.parametrize("code", ["signature_wrong", "stale_timestamp", "signature_missing"])
async def test_a_signature_of_nobody_is_refused_with_intakes_code(code: str) -> None:
    with pytest.raises(Unidentified) as refused:
        await keys(httpx.Response(200, json={"creditor_id": None, "code": code})).creditor_of(SIGNED)
    assert refused.value.code == code


async def test_headers_that_intake_cannot_read_are_a_wrong_signature() -> None:
    with pytest.raises(Unidentified):
        await keys(httpx.Response(422, json={})).creditor_of(SIGNED)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(401),
        httpx.Response(200, content=b"no json"),
        httpx.Response(200, json={"other": 1}),
        httpx.Response(200, json=[]),
        httpx.ConnectError("away"),
        httpx.ReadTimeout("slow"),
    ],
)
async def test_an_intake_that_is_away_lets_nobody_in(answer: Any) -> None:
    with pytest.raises(LenderKeysAway):
        await keys(answer).creditor_of(SIGNED)


async def test_without_intake_there_are_no_lenders() -> None:
    with pytest.raises(Unidentified):
        await NobodysKeys().creditor_of(SIGNED)
