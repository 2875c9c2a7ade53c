"""What reporting's entrypoints work with, opened once a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.reporting.adapters.recording import PostgresRecording
from services.reporting.adapters.views import PostgresViews
from services.reporting.application.ports import Access, Resources, Views
from services.reporting.domain.scope import Scope
from shared.kernel.clock import SystemClock
from shared.service.service import Platform
from shared.service.sign_in_limit import SignInFailures


@asynccontextmanager
async def open_resources(
    platform: Platform, *, staff_token: str, token_secret: bytes, traces_url: str | None, needs_https: bool
) -> AsyncIterator[Resources]:
    @asynccontextmanager
    async def read(scope: Scope) -> AsyncIterator[Views]:
        async with platform.database.transaction(tenant=scope.tenant) as transaction:
            yield PostgresViews(transaction)

    yield Resources(
        clock=platform.clock,
        access=Access(
            staff_token=staff_token,
            token_secret=token_secret,
            wall=SystemClock(),
            sign_ins=SignInFailures(),
            cookies_need_https=needs_https,
        ),
        traces_url=traces_url,
        read=read,
        record=PostgresRecording,
    )
