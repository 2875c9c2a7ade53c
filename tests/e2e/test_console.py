"""The staff console in a real browser: keyboard, phone, both languages, both colour schemes, contrast."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from shared.service.settings import SANDBOX_SECRET
from tests.conformance.lives import STORIES, lives
from tests.e2e.browsing import CONTRASTS, SMALL_TARGETS, accessibility_faults, open_page, served
from tests.integration.reporting.conftest import opened
from tests.support.databases import service_databases
from tests.support.servers import Servers

pytestmark = pytest.mark.browser

LIVES = lives(51, 12 * len(STORIES))
BROKEN_PLAN = next(life for life in LIVES if any(said.record.topic == "default.detected" for said in life.said))
PAGES = ("/", "/events?verify=1", f"/cases/{BROKEN_PLAN.case_id}", "/login")


@pytest.fixture(scope="module")
async def console(browser: Browser, servers: Servers) -> AsyncIterator[str]:
    """The address of a console over a portfolio of many lives; the tests only look at it."""
    async with AsyncExitStack() as stack:
        base = f"t{uuid.uuid4().hex[:12]}"
        databases = await stack.enter_async_context(service_databases(servers.database_url, base, "reporting"))
        desk = await opened(databases, stack)
        await desk.hear(LIVES)
        yield await stack.enter_async_context(served(desk.app))


async def sign_in(page: Page, console: str) -> None:
    await page.goto(f"{console}/")
    await page.get_by_label("token").or_(page.get_by_label("令牌")).fill(SANDBOX_SECRET)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{console}/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "width"), [("en-GB", 1360), ("zh-CN", 360)])
async def test_every_page_can_be_read_on_desk_and_phone_by_day_and_night(
    browser: Browser, console: str, scheme: Any, locale: str, width: int
) -> None:
    page, complaints = await open_page(
        browser, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    await sign_in(page, console)
    for path in PAGES:
        await page.goto(console + path)
        assert await page.evaluate("document.documentElement.lang") == ("en" if locale == "en-GB" else "zh-CN")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the screen"
        assert await page.evaluate(CONTRASTS) == [], path
        assert await page.evaluate(SMALL_TARGETS) == [], path
        assert await accessibility_faults(page) == [], path
    assert complaints == []


async def test_a_pale_text_does_not_pass_the_contrast_check(browser: Browser, console: str) -> None:
    page, _ = await open_page(browser, viewport={"width": 1360, "height": 900})
    await page.goto(f"{console}/login")
    await page.evaluate("document.querySelector('.lead').style.color = '#9a9a9a'")
    assert len(await page.evaluate(CONTRASTS)) == 1


async def test_staff_find_a_broken_plan_by_keyboard_alone(browser: Browser, console: str) -> None:
    page, complaints = await open_page(browser, locale="en-GB", viewport={"width": 1360, "height": 900})
    await sign_in(page, console)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"
    await page.get_by_label("Case id").focus()
    await page.keyboard.type(str(BROKEN_PLAN.case_id))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**case_id=*")
    row = page.locator("table.cases tbody tr")
    assert await row.count() == 1
    await row.get_by_role("link").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/cases/{BROKEN_PLAN.case_id}")
    assert await page.get_by_text("Default: instalment").count() >= 1
    first = page.locator("summary").first
    await first.focus()
    await page.keyboard.press("Enter")
    assert await page.locator("details[open] pre").count() == 1
    assert await page.locator("a[href^='http://traces.example.org/zipkin/traces/']").count() >= 1
    assert complaints == []


async def test_the_focus_is_always_seen(browser: Browser, console: str) -> None:
    page, _ = await open_page(browser, viewport={"width": 1360, "height": 900})
    await sign_in(page, console)
    for _ in range(25):
        await page.keyboard.press("Tab")
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", await page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


async def test_staff_verify_the_chain_and_change_the_language(browser: Browser, console: str) -> None:
    page, complaints = await open_page(browser, locale="en-GB", viewport={"width": 1360, "height": 900})
    await sign_in(page, console)
    await page.get_by_role("link", name="Event flow").click()
    await page.get_by_role("button", name="Verify the chain").click()
    await page.get_by_role("status").wait_for()
    assert "Intact" in await page.get_by_role("status").inner_text()
    await page.get_by_role("link", name="中文").click()
    assert await page.get_by_role("heading", level=1).inner_text() == "事件流"
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url("**/login")
    assert complaints == []
