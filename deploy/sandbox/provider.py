"""The simulated provider for text messages, calls and letters: a real HTTP server with nobody behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from deploy.local.ports import HOST, Ports
from deploy.sandbox.post_office import PostOffice

MESSAGES_MAX = 1_000
PREFERRED_PORT = 8151


def provider_app(post_office: PostOffice) -> Starlette:
    """`POST /v1/messages` takes messages, `GET /v1/messages/{attempt_id}` tells what became of one."""

    async def take(request: Request) -> JSONResponse:
        messages = (await request.json())["messages"]
        if len(messages) > MESSAGES_MAX:
            return JSONResponse({"detail": f"at most {MESSAGES_MAX} messages"}, status_code=413)
        await post_office.opened()
        results = [
            {
                "idempotency_key": each["idempotency_key"],
                "status": post_office.deliver(each["idempotency_key"], each["channel"], each["to"], each["text"]),
            }
            for each in messages
        ]
        return JSONResponse({"results": results})

    async def tell(request: Request) -> JSONResponse:
        attempt_id = request.path_params["attempt_id"]
        outcome = post_office.outcome(attempt_id)
        if outcome is None:
            return JSONResponse({"detail": "never accepted"}, status_code=404)
        return JSONResponse({"idempotency_key": attempt_id, "status": outcome})

    return Starlette(
        routes=[
            Route("/v1/messages", take, methods=["POST"]),
            Route("/v1/messages/{attempt_id}", tell, methods=["GET"]),
        ]
    )


@contextlib.asynccontextmanager
async def serve_provider(post_office: PostOffice, ports: Ports) -> AsyncIterator[str]:
    """Serve it inside this process; yields its address."""
    port = ports.take(PREFERRED_PORT, "the simulated provider")
    config = uvicorn.Config(provider_app(post_office), host=HOST, port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    # Signals belong to the stack, which stops everything in order.
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign]  # uvicorn has no switch
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise RuntimeError("the simulated provider ended")
            await asyncio.sleep(0.01)
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        await serving
