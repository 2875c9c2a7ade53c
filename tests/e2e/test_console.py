"""The staff console in a real browser: keyboard, phone, both languages, both colour schemes, contrast."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

from shared.service.settings import SANDBOX_SECRET
from tests.conformance.lives import STORIES, lives
from tests.integration.reporting.conftest import opened
from tests.support.databases import service_databases
from tests.support.servers import Servers

pytestmark = pytest.mark.browser

LIVES = lives(51, 12 * len(STORIES))
BROKEN_PLAN = next(life for life in LIVES if any(said.record.topic == "default.detected" for said in life.said))
PAGES = ("/", "/events?verify=1", f"/cases/{BROKEN_PLAN.case_id}", "/login")

# WCAG 2.2, 1.4.3: 4.5:1, or 3:1 for text of at least 24 px, or 18.66 px in bold.
CONTRASTS = """
() => {
  const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = colour => {
    const [r, g, b] = colour.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest('svg')) continue;
    const style = getComputedStyle(element), under = ground(element);
    const [a, b] = [light(over(rgba(style.color), under)), light(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + .05) / (b + .05);
    if (ratio < (isLarge ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)} "${walker.currentNode.textContent.trim()}"`);
  }
  return poor;
}
"""
# 2.5.8: targets of 24 by 24 CSS pixels, links inside a sentence or a table excepted.
SMALL_TARGETS = """
() => [...document.querySelectorAll('button, input:not([type=hidden]):not([hidden]), select, nav a, .button, summary')]
  .filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)
"""


def chromium() -> str | None:
    """The browser of the machine, if it has one."""
    named = os.environ.get("CHROMIUM_PATH")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return found if found and Path(found).exists() else None


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install it or name it by CHROMIUM_PATH to run the browser tests")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
async def console(browser: Browser, servers: Servers) -> AsyncIterator[str]:
    """The address of a console over a portfolio of many lives; the tests only look at it."""
    async with AsyncExitStack() as stack:
        base = f"t{uuid.uuid4().hex[:12]}"
        databases = await stack.enter_async_context(service_databases(servers.database_url, base, "reporting"))
        desk = await opened(databases, stack)
        await desk.hear(LIVES)
        yield await stack.enter_async_context(served(desk.app))


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The app on a free port: its socket listens before the server starts, so nobody has to wait for it."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]  # signals are pytest's here
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def open_page(browser: Browser, **context: Any) -> tuple[Page, list[str]]:
    """A page, and what its browser complained about: a blocked style or script would show here."""
    page = await (await browser.new_context(**context)).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    return page, complaints


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
