"""The way to the vault: signed, and never the reason why a page fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import orjson
import pytest

from services.negotiation.adapters.intake import PATH, IntakeVault
from services.negotiation.application.ports import Names
from shared.kernel.clock import FrozenClock
from shared.service.signatures import verify
from tests.unit.negotiation.builders import RENT_ARREARS

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SECRET = b"between services"
PERSON = {"case_id": str(RENT_ARREARS), "name": "Ada Invented", "creditor_name": "Harbour Credit"}


async def ask(answer: Callable[[httpx.Request], httpx.Response]) -> Names | None:
    async with httpx.AsyncClient(base_url="http://intake", transport=httpx.MockTransport(answer)) as client:
        return await IntakeVault(client, SECRET, FrozenClock(NOW)).reveal(RENT_ARREARS)


async def test_names_come_over_a_signed_call() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        verify([SECRET], request.headers, now=NOW, method="POST", path=PATH, body=request.content)
        assert orjson.loads(request.content) == {"case_ids": [str(RENT_ARREARS)]}
        return httpx.Response(200, json={"persons": [PERSON]})

    assert await ask(answer) == Names("Ada Invented", "Harbour Credit")


def _refuse_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("away", request=request)


def _hang(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        _refuse_connection,
        _hang,
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(401, json={"code": "signature_wrong"}),
        lambda _: httpx.Response(200, text="<html>"),
        lambda _: httpx.Response(200, json=[]),
        lambda _: httpx.Response(200, json={"persons": [{"case_id": "x"}]}),
        lambda _: httpx.Response(200, json={"persons": []}),
    ],
)
async def test_without_names_the_page_goes_on(answer: Callable[[httpx.Request], httpx.Response]) -> None:
    assert await ask(answer) is None
