"""The ASGI app of a process: problems, health, tracing; for the role `api` also the service's own routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.trace import Span, TracerProvider
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.refusal import Overloaded
from shared.service.health import Backlog, health_router
from shared.service.problems import install_problems, problem, refusal_response
from shared.service.service import AnyService, Platform

BODY_BYTES_MAX = 32 * 1024 * 1024


def build_app(
    service: AnyService,
    platform: Platform,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    resources: Any = None,
    tracer_provider: TracerProvider | None = None,
) -> FastAPI:
    """Resources open and close with the app, unless they are given (tests)."""
    backlog = Backlog(platform.database)
    is_api = platform.role == "api"

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if not is_api or resources is not None:
            app.state.resources = resources
            yield
            return
        async with service.open_resources(platform) as opened:
            app.state.resources = opened
            yield

    # The documentation pages come from a package, not from a content network: they work without the internet.
    make_app = FastAPIOffline if is_api else FastAPI
    app = make_app(
        title=service.title or f"Concord {service.name}",
        version="1",
        lifespan=lifespan,
        openapi_url="/openapi.json" if is_api else None,
        docs_url="/docs" if is_api else None,
        redoc_url=None,
    )
    app.state.clock = platform.clock
    install_problems(app)
    app.include_router(health_router(backlog, is_stopping))
    if is_api:
        for router in service.routers:
            app.include_router(router)
        if service.sheds_load:
            app.add_middleware(ShedLoad, backlog=backlog)
        app.add_middleware(LimitBody, bytes_max=BODY_BYTES_MAX)
        FastAPIInstrumentor.instrument_app(
            app,
            tracer_provider=tracer_provider,
            excluded_urls="/live,/ready,/metrics",
            exclude_spans=["send", "receive"],
            server_request_hook=_forget_the_caller,
        )
    return app


ABOUT_THE_CALLER = (
    "http.url",
    "http.target",
    "http.user_agent",
    "net.peer.ip",
    "net.peer.port",
    "url.full",
    "url.path",
    "url.query",
    "user_agent.original",
    "client.address",
    "network.peer.address",
)
"""What the instrumentation says of a request that may lead to a person: a borrower's link is in the path."""


def _forget_the_caller(span: Span, scope: dict[str, Any]) -> None:
    """Leave `http.route`, the address as a pattern, and blank what names the caller or a link."""
    said = getattr(span, "attributes", None) or {}
    for name in ABOUT_THE_CALLER:
        if name in said:
            span.set_attribute(name, "")


class LimitBody:
    """Refuses a body that is too large while it streams in, before anything parses it."""

    def __init__(self, app: ASGIApp, bytes_max: int) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._bytes_max:
            await _too_large(self._bytes_max)(scope, receive, send)
            return
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._bytes_max:
                raise _BodyTooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _BodyTooLarge:
            if not started:
                await _too_large(self._bytes_max)(scope, receive, send)


class _BodyTooLarge(Exception):
    """More bytes came than were declared, or than a body may have."""


def _too_large(bytes_max: int) -> ASGIApp:
    return problem(413, "body_too_large", f"a body has at most {bytes_max} bytes")


class ShedLoad:
    """Answers 429 to writes while accepted work waits too long to be announced."""

    def __init__(self, app: ASGIApp, backlog: Backlog) -> None:
        self._app = app
        self._backlog = backlog

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            await self._backlog.measure()
            if self._backlog.is_too_long:
                refusal = Overloaded("overloaded", "accepted work is waiting; send again later", retry_after_s=10)
                await refusal_response(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)
