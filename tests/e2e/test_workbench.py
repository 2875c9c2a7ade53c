"""The workbench in a real browser: an item from the top of the queue to its note, in both languages, without script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page

from services.outreach.application.feed_queue import feed_queue
from services.outreach.main import create_service
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.e2e.browsing import CONTRASTS, SMALL_TARGETS, accessibility_faults, open_page, served
from tests.integration.outreach.desk import Desk, open_desk
from tests.integration.outreach.workbench import hire, number_of
from tests.support.databases import ServiceDatabases

pytestmark = pytest.mark.browser


@dataclass
class Office:
    """A workbench that can be visited, and what lies behind it."""

    desk: Desk
    url: str

    async def call_to_make(self, language: str = "en") -> UUID:
        """A case whose ladder has come to its call, which people make here."""
        case_id = await self.desk.open_case("firm", language=language)
        await self.desk.sweep()
        self.desk.databases.clock.advance(timedelta(days=3))
        await self.desk.sweep()
        await feed_queue(self.desk.resources)
        return case_id

    async def item_of(self, case_id: UUID) -> UUID:
        rows = await self.desk.rows("SELECT item_id FROM work_items WHERE case_id = $1", case_id)
        found: UUID = rows[0]["item_id"]
        return found

    async def sign_in(self, page: Page, staff_id: str) -> None:
        await page.goto(f"{self.url}/desk")
        await page.locator("#staff_id").fill(staff_id)
        await page.locator("#token").fill(SANDBOX_SECRET)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{self.url}/desk")


@pytest.fixture
async def office(service_database: Callable[[str], Awaitable[ServiceDatabases]]) -> AsyncIterator[Office]:
    async with open_desk(await service_database("outreach")) as desk:
        desk.resources = replace(desk.resources, workbench=replace(desk.resources.workbench, calls_by_hand=True))
        app = build_app(
            create_service(),
            Platform("api", desk.databases.clock, desk.databases.api),
            resources=desk.resources,
        )
        app.state.resources = desk.resources
        await hire(desk, "agent.lin")
        await hire(desk, "agent.wu", languages=("zh", "en"))
        await hire(desk, "agent.old", valid_days=-1)
        async with served(app) as url:
            yield Office(desk, url)


TAKE = {"en": "Take the top item", "zh": "领取首项"}
ALLOWED = {"en": "Allowed now", "zh": "现在允许"}
NOT_ALLOWED = {"en": "Not allowed", "zh": "不允许"}
START = {"en": "Start the call", "zh": "开始通话"}
SAVE = {"en": "Save the note", "zh": "保存记录"}
COLLECTOR = {"en": "agent.lin", "zh": "agent.wu"}
LOCALE = {"en": "en-GB", "zh": "zh-CN"}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_top_item_is_worked_from_the_queue_to_a_promise_without_any_script(
    browser: Browser, office: Office, language: str
) -> None:
    case_id = await office.call_to_make(language)
    page, complaints = await open_page(
        browser, locale=LOCALE[language], java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    await office.sign_in(page, COLLECTOR[language])
    await page.get_by_role("button", name=TAKE[language]).press("Enter")
    await page.wait_for_url("**/desk/items/*")
    assert await page.get_by_text(ALLOWED[language], exact=True).count() >= 1
    await page.get_by_role("button", name=START[language]).press("Enter")
    await page.wait_for_url("**/desk/calls/*")
    said = await page.locator(".say").all_inner_texts()
    assert "Avery Ashdown" in said[0]
    assert "Harbour Credit" not in said[0]
    assert "Harbour Credit" in said[1]
    await page.locator("input[name=outcome][value=conversation]").check()
    await page.locator("input[name=right_party][value=yes]").check()
    await page.locator("#cause").select_option("job_loss")
    await page.locator("#words").fill("The shop closed last month.")
    await page.locator("#promised_on").fill("2026-03-20")
    await page.locator("#promised").fill("50.00")
    await page.get_by_role("button", name=SAVE[language]).click()
    # Not said back: the note comes back as it was typed.
    assert await page.locator("#problems li").count() == 1
    assert await page.locator("#words").input_value() == "The shop closed last month."
    await page.locator("input[name=confirmed]").check()
    await page.get_by_role("button", name=SAVE[language]).click()
    await page.wait_for_url("**/desk?notice=done")
    await page.goto(f"{office.url}/desk/cases/{case_id}")
    history = page.locator("table.history")
    assert {"en": "conversation", "zh": "已通话"}[language] in await history.inner_text()
    (call,) = await office.desk.rows("SELECT * FROM attempts WHERE channel = 'call'")
    assert str(call["decision_id"])[-8:] in await history.inner_text()
    (decision,) = await office.desk.rows("SELECT verdict FROM decisions WHERE decision_id = $1", call["decision_id"])
    assert (decision["verdict"], call["outcome"]) == ("allow", "conversation")
    (item,) = await office.desk.rows("SELECT outcome, done_by FROM work_items WHERE case_id = $1", case_id)
    assert (item["outcome"], item["done_by"]) == ("called", COLLECTOR[language])
    replied = [each for each in await office.desk.said("borrower.replied") if each["case_id"] == str(case_id)]
    assert [(each["intent"], each["promised"], each["promised_on"]) for each in replied] == [
        ("promise", 5_000, "2026-03-20")
    ]
    assert _unexpected(complaints) == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_denied_call_shows_why_and_until_when_and_has_no_button(
    browser: Browser, office: Office, language: str
) -> None:
    case_id = await office.call_to_make()
    office.desk.databases.clock.advance(timedelta(hours=11))  # 21:00 in New York
    page, complaints = await open_page(browser, locale=LOCALE[language])
    await office.sign_in(page, COLLECTOR[language])
    await page.get_by_role("button", name=TAKE[language]).click()
    await page.wait_for_url("**/desk/items/*")
    answer = page.locator(".answer")
    assert NOT_ALLOWED[language] in await answer.inner_text()
    assert "hours" in await answer.inner_text()
    assert "1006.6" in await answer.inner_text()
    assert "6 Mar 2026" in await answer.inner_text() or "2026年3月6日" in await answer.inner_text()
    assert await page.get_by_role("button", name=START[language]).count() == 0
    # Whoever posts the form nevertheless gets the same answer, and the denial is kept.
    response = await _post_call(page, office, case_id)
    assert response.status == 403
    assert "hours" in await response.text()
    assert await office.desk.rows("SELECT * FROM attempts WHERE channel = 'call'") == []
    assert _unexpected(complaints) == []


async def test_who_is_not_certified_sees_why_and_cannot_start(browser: Browser, office: Office) -> None:
    case_id = await office.call_to_make()
    page, _ = await open_page(browser, locale="en-GB")
    await office.sign_in(page, "agent.old")
    await page.goto(f"{office.url}/desk/cases/{case_id}")
    assert "certificates are missing or expired" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_role("button", name="Start the call").count() == 0
    assert (await _post_call(page, office, case_id)).status == 403
    await page.goto(f"{office.url}/desk")
    await page.get_by_role("button", name="Take the top item").click()
    assert "You may not act" in await page.get_by_role("alert").inner_text()
    assert await office.desk.rows("SELECT * FROM attempts WHERE channel = 'call'") == []


async def test_a_form_of_another_session_and_a_wrong_sign_in_are_refused(browser: Browser, office: Office) -> None:
    await office.call_to_make()
    page, _ = await open_page(browser, locale="en-GB")
    await page.goto(f"{office.url}/desk/people")
    await page.wait_for_url("**/desk/login?next=*")
    for staff_id, token in (("agent.lin", "wrong"), ("agent.nobody", SANDBOX_SECRET)):
        await page.locator("#staff_id").fill(staff_id)
        await page.locator("#token").fill(token)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert "do not belong together" in await page.get_by_role("alert").inner_text()
    await office.sign_in(page, "agent.lin")
    response = await page.request.post(f"{office.url}/desk/take", form={"form_token": "forged"})
    assert response.status == 403
    assert (await page.request.post(f"{office.url}/desk/take")).status == 403
    await page.get_by_role("button", name="Sign out agent.lin").click()
    await page.wait_for_url("**/desk/login")


async def test_too_many_wrong_sign_ins_have_to_wait(browser: Browser, office: Office) -> None:
    page, _ = await open_page(browser, locale="en-GB")
    statuses = [
        (await page.request.post(f"{office.url}/desk/login", form={"staff_id": "agent.lin", "token": "wrong"})).status
        for _ in range(6)
    ]
    assert statuses == [401] * 5 + [429]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 1360), ("zh", 360)])
async def test_every_page_can_be_read_on_desk_and_phone_by_day_and_night(
    browser: Browser, office: Office, scheme: Any, language: str, width: int
) -> None:
    page, complaints = await open_page(
        browser, locale=LOCALE[language], color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    for path in await _every_page(page, office, COLLECTOR[language]):
        if path is not None:
            await page.goto(office.url + path)
        assert await page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the screen"
        assert await page.evaluate(CONTRASTS) == [], path
        assert await page.evaluate(SMALL_TARGETS) == [], path
        assert await accessibility_faults(page) == [], path
    assert _unexpected(complaints) == []


async def _every_page(page: Page, office: Office, staff_id: str) -> list[str | None]:
    """A queue, one's own item, a denied case, a call under way, and what was just unmasked (None: as it stands)."""
    desk = office.desk
    denied = await desk.open_case()
    await desk.reply("Why do you ask? I do not understand.", case_id=denied)
    await desk.reply("stop calling me", case_id=denied)
    called = await office.call_to_make()
    await office.sign_in(page, staff_id)
    await page.goto(f"{office.url}/desk/items/{await office.item_of(called)}")
    await page.locator("form[action$='/claim'] button").click()
    item = page.url.removeprefix(office.url)
    await page.locator("form[action$='/calls'] button").click()
    await page.wait_for_url("**/desk/calls/*")
    call = page.url.removeprefix(office.url)
    await page.goto(f"{office.url}/desk/cases/{denied}")
    await page.locator("form[action$='/unmask'] button").first.click()
    await page.locator(".said").wait_for()
    pages = ["/desk", "/desk?kind=call", item, call, f"/desk/cases/{denied}", "/desk/people", "/desk/items/none"]
    return [None, *pages, "/desk/login"]


def _unexpected(complaints: list[str]) -> list[str]:
    """A browser remarks on every answer of 4xx, which the tests ask for, and on an icon that it had no time to load."""
    remarks = ("responded with a status of 4", "/desk/icon.svg")
    return [each for each in complaints if not any(remark in each for remark in remarks)]


async def _post_call(page: Page, office: Office, case_id: UUID) -> Any:
    form: dict[str, Any] = {
        "form_token": await page.locator("input[name=form_token]").first.input_value(),
        "contact_point_id": str(await number_of(office.desk, case_id)),
    }
    return await page.request.post(f"{office.url}/desk/cases/{case_id}/calls", form=form)
