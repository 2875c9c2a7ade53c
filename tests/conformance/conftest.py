"""The services one by one, fresh databases from templates, and the seed of the run."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack

import pytest

from tests.conformance.subjects import Subject, Templates, open_subject
from tests.support.servers import Servers

OpenSubject = Callable[[str], Awaitable[Subject]]


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """CONFORMANCE_SEED replays a run; without it every run has faults and lives of its own."""
    number = int(os.environ.get("CONFORMANCE_SEED") or time.time_ns() % 1_000_000)
    pytestconfig.stash[_SEED] = number
    return number


_SEED = pytest.StashKey[int]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure says how to see it again."""
    report = yield
    if report.failed and (number := item.config.stash.get(_SEED, None)) is not None:
        report.sections.append(("seed", f"replay with CONFORMANCE_SEED={number}"))
    return report


@pytest.fixture(scope="session")
async def templates(servers: Servers) -> AsyncIterator[Templates]:
    made = Templates(servers)
    yield made
    await made.close()


@pytest.fixture
async def subject_of(templates: Templates) -> AsyncIterator[OpenSubject]:
    """Open a service on a fresh database: `await subject_of("outreach")`. A test may open several."""
    async with AsyncExitStack() as stack:

        async def open_one(name: str) -> Subject:
            return await stack.enter_async_context(open_subject(templates, name))

        yield open_one
