"""An acceptance end to end, on a quiet machine: evidence, sealed copy, agreement, books and events, one at a time.

The app in this process over a real PostgreSQL, as a borrower's software asks it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from uuid import UUID

from deploy.local.folder import LocalFolder
from deploy.local.stack import Stack, StackOptions
from shared.kernel.identifiers import new_id
from tests.integration.negotiation.office import Office, open_office
from tests.support.databases import service_databases

WARM_UP = 3
"""The first paper loads the fonts."""


async def measure(folder: LocalFolder, acceptances: int, say: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds on the wall: the median and the 95th percentile; and processor time of this process for each."""
    options = StackOptions(folder=folder.part("bench-agreement"), with_services=False, with_traces=False)
    async with (
        Stack(options) as stack,
        service_databases(stack.database_url, f"b{new_id().hex[-8:]}", "negotiation") as databases,
        open_office(databases) as office,
    ):
        say(f"agreement: {acceptances} acceptances")
        case_ids = [await office.take_on() for _ in range(WARM_UP + acceptances)]
        taken = [await _accepted(office, case_id) for case_id in case_ids][WARM_UP:]
        agreed = await office.rows("SELECT 1 FROM documents")
        assert len(agreed) == len(case_ids)
    walls = [wall for wall, _ in taken]
    return {
        "agreement_p50_ms": 1_000 * statistics.median(walls),
        "agreement_p95_ms": 1_000 * statistics.quantiles(walls, n=100)[94],
        "agreement_processor_ms": 1_000 * statistics.median(processor for _, processor in taken),
    }


async def _accepted(office: Office, case_id: UUID) -> tuple[float, float]:
    """Seconds on the wall and of the processor; looking at the offer and getting in come before."""
    offer = (await office.see(case_id))["offers"][0]
    begun, processor = time.perf_counter(), time.process_time()
    answer = await office.accept(case_id, offer)
    took = time.perf_counter() - begun, time.process_time() - processor
    assert answer.status_code == 200, answer.text
    return took
