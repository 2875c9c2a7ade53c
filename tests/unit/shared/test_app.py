"""The shell around every API: sizes, problems, health."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.database import Database, new_metadata
from shared.kernel.clock import FrozenClock
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Overloaded, Reason, Refusal, Unidentified
from shared.service.app import BODY_BYTES_MAX, build_app
from shared.service.service import Platform, Service
from shared.service.settings import SANDBOX_SECRET, ServiceSettings
from tests.support.events import AT

REFUSALS: list[tuple[Refusal, int]] = [
    (Invalid("bad", "no", [Reason("too_small", "/amount", "must be positive"), Reason("missing", "/date")]), 422),
    (NotFound("case_not_found", "there is no such case"), 404),
    (Conflict("plan_active", "a plan is being kept"), 409),
    (NotAllowed("not_yours", "no"), 403),
    (Unidentified("signature_wrong", "no"), 401),
    (Overloaded("overloaded", "later", retry_after_s=7), 429),
]


class Instalment(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    amount: int
    number: int


def _app(tracer_provider: TracerProvider | None = None) -> FastAPI:
    router = APIRouter()

    @router.post("/instalments")
    async def take(instalment: Instalment) -> dict[str, int]:
        return {"amount": instalment.amount}

    @router.post("/bodies")
    async def swallow(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @router.get("/refusals/{number}")
    async def refuse(number: int) -> None:
        raise REFUSALS[number][0]

    @router.get("/broken")
    async def broken() -> None:
        raise ValueError("Ms Rivera owes 100")

    @router.get("/away")
    async def away() -> None:
        raise ConnectionRefusedError

    @asynccontextmanager
    async def nothing(_: Platform) -> AsyncIterator[None]:
        yield None

    service = Service(
        name="intake",
        settings=ServiceSettings(),
        metadata=new_metadata(),
        migrations=Path(),
        open_resources=nothing,
        routers=[router],
        subscriptions=lambda _: (),
    )
    nowhere = create_async_engine("postgresql+asyncpg://127.0.0.1:1/none")
    clock = FrozenClock(AT)
    return build_app(
        service, Platform("api", clock, Database(nowhere, clock, "intake")), tracer_provider=tracer_provider
    )


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://concord") as opened:
        yield opened


@pytest.mark.parametrize(("number", "status"), [(n, status) for n, (_, status) in enumerate(REFUSALS)])
async def test_a_refusal_is_a_problem_with_its_code_and_status(
    client: httpx.AsyncClient, number: int, status: int
) -> None:
    answer = await client.get(f"/refusals/{number}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == REFUSALS[number][0].code


async def test_a_refusal_tells_every_reason_with_its_place(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/refusals/0")).json()
    assert [(e["code"], e["pointer"]) for e in problem["errors"]] == [("too_small", "/amount"), ("missing", "/date")]


async def test_an_overload_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/refusals/5")).headers["retry-after"] == "7"


async def test_a_request_that_breaks_its_schema_gets_every_reason_and_none_of_its_values(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/instalments", json={"amount": "Ms Rivera", "number": 1.5, "paid": True})
    assert answer.status_code == 422
    assert {e["pointer"] for e in answer.json()["errors"]} == {"/amount", "/number", "/paid"}
    assert "Rivera" not in answer.text


async def test_malformed_json_is_said_to_be_that(client: httpx.AsyncClient) -> None:
    answer = await client.post("/instalments", content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


async def test_a_failure_of_ours_says_nothing_of_what_it_was_given(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken")
    assert answer.status_code == 500
    assert "Rivera" not in answer.text


async def test_a_server_that_is_away_is_503_and_come_back(client: httpx.AsyncClient) -> None:
    answer = await client.get("/away")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


async def test_an_unknown_address_is_a_problem_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not(client: httpx.AsyncClient) -> None:
    assert (await client.post("/bodies", content=b"x" * BODY_BYTES_MAX)).json() == {"bytes": BODY_BYTES_MAX}
    assert (await client.post("/bodies", content=b"x" * (BODY_BYTES_MAX + 1))).status_code == 413


async def test_a_body_that_hides_its_size_is_stopped_while_it_streams(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_BYTES_MAX // 1_000_000 + 2):
            yield b"x" * 1_000_000

    answer = await client.post("/bodies", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_process_without_its_database_is_alive_and_not_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/live")).status_code == 200
    ready = await client.get("/ready")
    assert (ready.status_code, ready.json()["troubles"]) == (503, ["database"])


@pytest.mark.parametrize(
    "wrong",
    [{"service_secret": SANDBOX_SECRET}, {"fault_points": "relay.after_send=kill"}, {"sandbox_clock_file": "clock"}],
)
def test_production_refuses_what_belongs_to_the_sandbox(wrong: dict[str, str]) -> None:
    good = {"service_secret": "a-real-secret"}
    assert ServiceSettings(environment="production", **good).environment == "production"  # type: ignore[arg-type]  # as text, the way the environment gives it
    with pytest.raises(ValueError, match="not for production"):
        ServiceSettings(environment="production", **{**good, **wrong})  # type: ignore[arg-type]  # as text, the way the environment gives it


async def test_a_span_of_a_request_names_neither_the_caller_nor_a_link() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = _app(provider)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://concord") as client:
        await client.get("/refusals/1?link=a-borrowers-link", headers={"user-agent": "a-borrowers-telephone"})
    (span,) = exporter.get_finished_spans()
    assert (span.attributes or {})["http.route"] == "/refusals/{number}"
    said = str(dict(span.attributes or {}))
    assert "/refusals/1" not in said
    assert "a-borrowers" not in said
    assert "127.0.0.1" not in said


async def test_the_api_pages_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert "Swagger UI" in page
    assert "https://" not in page
    assert (await client.get("/static-offline-docs/swagger-ui.css")).status_code == 200
