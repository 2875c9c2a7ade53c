"""The borrower's pages in a real browser: every page, both languages, phone and desk, day and night."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page

from services.negotiation.main import create_service
from services.negotiation.settings import NegotiationSettings
from shared.events.case_recalled import CaseRecalled
from shared.service.app import build_app
from shared.service.service import Platform
from tests.e2e.browsing import CONTRASTS, SMALL_TARGETS, accessibility_faults, open_page, served
from tests.integration.negotiation.office import Office, open_office
from tests.integration.negotiation.test_agreement import hold
from tests.support.databases import service_databases
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received
from tests.support.servers import Servers

pytestmark = pytest.mark.browser

CHANGES: dict[str, dict[str, str]] = {
    "en": {},
    "zh": {"language": "zh", "currency": "CNY", "jurisdiction": "CN"},
}


@dataclass
class Portal:
    """The pages' address, and the office behind them."""

    office: Office
    url: str

    async def case(self, language: str, **assessed: Any) -> UUID:
        received = case_received().model_copy(update=CHANGES[language])
        await self.office.hear(received, case_assessed(received.case_id, **assessed))
        return received.case_id

    def page_of(self, case_id: UUID) -> str:
        return f"{self.url}/b/{self.office.token(case_id)}"


@pytest.fixture
async def portal(servers: Servers) -> AsyncIterator[Portal]:
    async with AsyncExitStack() as stack:
        base = f"t{uuid.uuid4().hex[:12]}"
        databases = await stack.enter_async_context(service_databases(servers.database_url, base, "negotiation"))
        office = await stack.enter_async_context(open_office(databases))
        resources = replace(office.worker, vault=office.vault)
        platform = Platform("api", databases.clock, databases.api)
        app = build_app(create_service(NegotiationSettings()), platform, resources=resources)
        app.state.resources = resources
        yield Portal(office, await stack.enter_async_context(served(app)))


async def _offers(page: Page, portal: Portal, language: str) -> None:
    await page.goto(portal.page_of(await portal.case(language)))
    assert await page.locator("form").count() >= 2


async def _hardship(page: Page, portal: Portal, language: str) -> None:
    await page.goto(portal.page_of(await portal.case(language, arrears_cause="illness")))


async def _agreed(page: Page, portal: Portal, language: str) -> None:
    await page.goto(portal.page_of(await portal.case(language)))
    form = page.locator("form[action*='/accept']").first
    await form.locator("input[name=confirm]").check()
    await form.locator("button").click()
    await page.wait_for_url("**said=agreed*")


async def _countered(page: Page, portal: Portal, language: str) -> None:
    await _propose(page, portal, language, "500.00")


async def _unread(page: Page, portal: Portal, language: str) -> None:
    await _propose(page, portal, language, "0.001")


async def _propose(page: Page, portal: Portal, language: str, amount: str) -> None:
    await page.goto(portal.page_of(await portal.case(language)))
    form = page.locator("form[action*='/counter']")
    await form.locator("input[value=lump_sum]").check()
    await form.locator("[name=amount]").fill(amount)
    await form.locator("button").click()
    await page.wait_for_url("**/counter*")


async def _paused(page: Page, portal: Portal, language: str) -> None:
    case_id = await portal.case(language)
    await portal.office.hear(hold(case_id, uuid.uuid4(), "dispute", portal.office))
    await page.goto(portal.page_of(case_id))


async def _ended(page: Page, portal: Portal, language: str) -> None:
    case_id = await portal.case(language)
    at = portal.office.now
    await portal.office.hear(CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=at))
    await page.goto(portal.page_of(case_id))


async def _no_link(page: Page, portal: Portal, language: str) -> None:
    await page.goto(f"{portal.url}/b/nothing?lang={language}")


PAGES: dict[str, Callable[[Page, Portal, str], Awaitable[None]]] = {
    "offers": _offers,
    "offers in hardship": _hardship,
    "agreed": _agreed,
    "countered": _countered,
    "a figure that cannot be read": _unread,
    "paused": _paused,
    "ended": _ended,
    "no link": _no_link,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 1360), ("zh", 360)])
async def test_every_page_can_be_read_on_desk_and_phone_by_day_and_night(
    browser: Browser, portal: Portal, scheme: Any, language: str, width: int
) -> None:
    page, complaints = await open_page(browser, color_scheme=scheme, viewport={"width": width, "height": 800})
    for name, visit in PAGES.items():
        await visit(page, portal, language)
        assert await page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language], name
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
        assert await page.evaluate(CONTRASTS) == [], name
        assert await page.evaluate(SMALL_TARGETS) == [], name
        assert await accessibility_faults(page) == [], name
    # A browser remarks on every answer of 4xx, which some of these pages are, and on an icon that is not there.
    assert [each for each in complaints if "responded with a status of 4" not in each] == []
