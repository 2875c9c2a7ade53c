"""The world outside as a real HTTP server: intake's vault and a messaging provider, on a free port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.kernel.clock import Clock
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import verify


@dataclass
class Outside:
    """Answers for everybody; counts calls and deliveries by attempt."""

    clock: Clock
    url: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    accepted: dict[str, str] = field(default_factory=dict)
    status: int = 200
    answers_garbage: bool = False

    async def vault(self, request: Request) -> Response:
        body = await request.body()
        verify(
            [SANDBOX_SECRET.encode()],
            request.headers,
            now=self.clock.now(),
            method="POST",
            path=request.url.path,
            body=body,
        )
        wanted: dict[str, Any] = await request.json()
        if request.url.path.endswith("/persons/reveal"):
            known = {"name": "Avery", "creditor_name": "Harbour Credit", "account_ending": "4471"}
            persons = [{"case_id": case_id, **known} for case_id in wanted["case_ids"]]
            return JSONResponse({"persons": persons})
        if request.url.path.endswith("/persons/tokens"):
            people = [
                {"person_id": person, "tokens": [{"key_id": 1, "token": person.replace("-", "")}]}
                for person in wanted["person_ids"]
            ]
            return JSONResponse({"persons": people})
        points = [
            {
                "contact_point_id": point,
                "kind": "mobile",
                "value": "+12125550123",
                "name": "Avery Ashdown",
                "language": "en",
            }
            for point in wanted["contact_point_ids"]
        ]
        return JSONResponse({"contact_points": points})

    async def messages(self, request: Request) -> Response:
        if self.status != 200:
            return JSONResponse({}, status_code=self.status)
        results = []
        for message in (await request.json())["messages"]:
            key = message["idempotency_key"]
            self.calls[key] += 1
            if key not in self.accepted:
                self.accepted[key] = "delivered"
                self.deliveries[key] += 1
            results.append({"idempotency_key": key, "status": self.accepted[key]})
        return JSONResponse({"what": "is this"} if self.answers_garbage else {"results": results})

    async def message(self, request: Request) -> Response:
        key = request.path_params["attempt_id"]
        if key not in self.accepted:
            return JSONResponse({}, status_code=404)
        return JSONResponse({"idempotency_key": key, "status": self.accepted[key]})


@contextlib.asynccontextmanager
async def serve_outside(clock: Clock) -> AsyncIterator[Outside]:
    outside = Outside(clock)
    app = Starlette(
        routes=[
            Route("/internal/v1/contact-points/reveal", outside.vault, methods=["POST"]),
            Route("/internal/v1/persons/reveal", outside.vault, methods=["POST"]),
            Route("/internal/v1/persons/tokens", outside.vault, methods=["POST"]),
            Route("/v1/messages", outside.messages, methods=["POST"]),
            Route("/v1/messages/{attempt_id}", outside.message, methods=["GET"]),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign]  # uvicorn has no switch
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag alone
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    outside.url = f"http://127.0.0.1:{port}"
    try:
        yield outside
    finally:
        server.should_exit = True
        await serving
