"""A hundred thousand assessed cases whose first contact is due: how long until all are decided and reserved.

Outreach alone, on a database of its own. What is measured ends where an attempt and its decision are committed, before
anybody outside is called: nothing is revealed, worded or sent. As many processes as there are cores sweep at once.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from deploy.local.folder import LocalFolder
from deploy.local.stack import Stack, StackOptions
from services.outreach.adapters.resources import open_resources
from services.outreach.application.attempt_contacts import plan_due_contacts
from services.outreach.application.open_case_files import open_case_files
from services.outreach.application.plan_contacts import plan_contacts
from services.outreach.outside import outside_of
from services.outreach.settings import OutreachSettings
from shared.db.database import open_database
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from shared.service.service import Platform
from tests.support.databases import MONDAY_MORNING, service_databases
from tests.support.events import case_assessed, case_received, event

AT_ONCE = 1_000
ASK_LATER_S = 604_800.0


async def measure(folder: LocalFolder, cases: int, say: Callable[[str], None]) -> dict[str, float]:
    """Seconds for all, and cases a second."""
    options = StackOptions(folder=folder.part("bench-planning"), with_services=False, with_traces=False)
    name = f"b{new_id().hex[-8:]}"
    async with Stack(options) as stack, service_databases(stack.database_url, name, "outreach") as databases:
        say(f"planning: {cases} cases are placed and assessed")
        await asyncio.to_thread(_in_processes, databases.url, partial(_fill, cases=cases // _cores()))
        say("planning: all of them are due")
        begun = time.perf_counter()
        planned = sum(await asyncio.to_thread(_in_processes, databases.url, _sweep))
        seconds = time.perf_counter() - begun
    return {"planning_cases": planned, "planning_s": seconds, "planning_cases_per_s": planned / seconds}


def _cores() -> int:
    return os.cpu_count() or 1


def _in_processes(url: str, task: Callable[[str], int]) -> list[int]:
    with ProcessPoolExecutor(_cores(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(task, [url] * _cores()))


def _fill(url: str, *, cases: int) -> int:
    return asyncio.run(_place(url, cases))


def _sweep(url: str) -> int:
    return asyncio.run(_plan(url))


async def _place(url: str, cases: int) -> int:
    """Received, known to the vault, assessed."""
    clock = FrozenClock(MONDAY_MORNING)
    database = open_database(url, "outreach", clock, role="concord_worker", pool_size=2)
    async with open_resources(outside_of(OutreachSettings()), Platform("timers", clock, database)) as resources:
        for _ in range(0, cases, AT_ONCE):
            received = [case_received() for _ in range(AT_ONCE)]
            async with resources.begin() as work:
                await open_case_files(work, [_told(body) for body in received])
                tokens: dict[UUID, set[tuple[int, bytes]]] = {b.person_id: {(1, b.person_id.bytes)} for b in received}
                await work.groups.join(tokens, ASK_LATER_S)
                await plan_contacts(work, resources.ladders, [_told(case_assessed(b.case_id)) for b in received])
                await work.commit()
    await database.close()
    return cases


def _told(body: Any) -> Any:
    return event(body)


async def _plan(url: str) -> int:
    clock = FrozenClock(MONDAY_MORNING)
    database = open_database(url, "outreach", clock, role="concord_worker", pool_size=2)
    planned = 0
    async with open_resources(outside_of(OutreachSettings()), Platform("timers", clock, database)) as resources:
        while done := (await plan_due_contacts(resources)).looked_at:
            planned += done
    await database.close()
    return planned
