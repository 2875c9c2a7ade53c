"""The borrower's pages: how long the server takes for each, against an empty page of the same app.

The app in this process, asked one request at a time, over a real PostgreSQL; the vault answers at once. Everything but
the network is measured: session, look, use case, rows, template.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from deploy.local.folder import LocalFolder
from deploy.local.stack import Stack, StackOptions
from shared.kernel.identifiers import new_id
from tests.integration.negotiation.office import Office, open_office
from tests.integration.negotiation.paper_browser import PaperBrowser, visiting
from tests.support.databases import service_databases

EMPTY = "/portal/back"
"""A page without a session and without the database."""
PAGES = (
    "/portal",
    "/portal/offers",
    "/portal/propose",
    "/portal/plan",
    "/portal/pay",
    "/portal/budget",
    "/portal/budget/income",
    "/portal/relief",
    "/portal/documents",
)
WARM_UP = 3
PERCENT = 95


async def measure(folder: LocalFolder, visits: int, say: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds: the 95th percentile of all pages, the slowest one and the empty one; and processor time a page.

    The processor time is this process's, with the asking side in it: a busy machine changes it least.
    """
    options = StackOptions(folder=folder.part("bench-portal"), with_services=False, with_traces=False)
    async with (
        Stack(options) as stack,
        service_databases(stack.database_url, f"b{new_id().hex[-8:]}", "negotiation") as databases,
        open_office(databases) as office,
    ):
        cases = [await office.take_on() for _ in range(10)]
        taken: dict[str, list[float]] = defaultdict(list)
        processor = time.process_time()
        for number, case_id in enumerate(cases):
            await _visit(office, case_id, visits // len(cases), taken, with_plan=number % 2 == 1)
        processor = time.process_time() - processor
    for page, times in taken.items():
        say(f"portal: {page:24} p50 {statistics.median(times):6.1f} ms   p95 {_percentile(times):6.1f} ms")
    own = {page: times for page, times in taken.items() if page != EMPTY}
    slowest = max(_percentile(times) for times in own.values())
    empty = _percentile(taken[EMPTY])
    return {
        "portal_p95_ms": _percentile([each for times in own.values() for each in times]),
        "portal_slowest_p95_ms": slowest,
        "portal_empty_p95_ms": empty,
        "portal_to_empty": slowest / empty,
        "portal_processor_ms": 1_000 * processor / sum(len(times) for times in taken.values()),
    }


async def _visit(office: Office, case_id: UUID, times: int, taken: dict[str, list[float]], *, with_plan: bool) -> None:
    if with_plan:
        await office.agree(case_id, "instalments")
    async with visiting(office, case_id) as browser:
        offer = await _an_offer(browser)
        pages = (EMPTY, *PAGES, *((offer,) if offer else ()))
        for number in range(WARM_UP + times):
            for page in pages:
                begun = time.perf_counter()
                # The empty page leads those who are in to their payments: asked without a cookie it is itself.
                response = await (office.api if page == EMPTY else browser.client).get(page)
                seconds = time.perf_counter() - begun
                assert response.status_code == 200, (page, response.status_code)
                if number >= WARM_UP:
                    taken["/portal/offers/{id}" if page == offer else page].append(seconds * 1_000)


async def _an_offer(browser: PaperBrowser) -> str | None:
    await browser.open("/portal/offers")
    _, found, rest = browser.page.text.partition('href="/portal/offers/')
    return "/portal/offers/" + rest.split('"', 1)[0] if found else None


def _percentile(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[PERCENT - 1]
