"""A service as its main describes it: one code base, four roles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from sqlalchemy import MetaData

from shared.db.database import Database
from shared.kernel.clock import Clock
from shared.messaging.subscription import AnySubscription, OnQuarantine
from shared.service.settings import ServiceSettings

R = TypeVar("R")


@dataclass(frozen=True)
class Platform:
    """What every role of every service is given to build its resources from."""

    role: str
    clock: Clock
    database: Database


@dataclass(frozen=True)
class Timer:
    """Work that becomes due. `sweep` handles one bounded batch in its own transaction(s) and answers with its size."""

    name: str
    sweep: Callable[[], Awaitable[int]]
    idle_s: float = 0.05


def _no_timers(_: Any) -> Sequence[Timer]:
    return ()


def _no_quarantine_hook(_: Any) -> OnQuarantine | None:
    return None


@dataclass(frozen=True)
class Service(Generic[R]):
    """The table of contents of a service; `services/<name>/main.py` fills it in.

    `open_resources` makes what the service needs of the outside (repositories, clients) and closes it again. The API
    finds the result in `request.app.state.resources`.
    """

    name: str
    settings: ServiceSettings
    metadata: MetaData
    migrations: Path
    open_resources: Callable[[Platform], AbstractAsyncContextManager[R]]
    routers: Sequence[APIRouter]
    subscriptions: Callable[[R], Sequence[AnySubscription]]
    timers: Callable[[R], Sequence[Timer]] = _no_timers
    on_quarantine: Callable[[R], OnQuarantine | None] = _no_quarantine_hook
    title: str = ""
    sheds_load: bool = False
    """Whether the API refuses new work (429) while the outbox is far behind: for the way in from outside."""


AnyService = Service[Any]
OpenResources = Callable[[Platform], AsyncIterator[R]]
