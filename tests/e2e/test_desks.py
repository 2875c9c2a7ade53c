"""The desks of complaints and disputes in a real browser: from the list to the closing, and what axe says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Browser

from services.outreach.application.open_matters import Opening, open_matter_by_hand
from tests.e2e.browsing import CONTRASTS, SMALL_TARGETS, accessibility_faults, open_page
from tests.e2e.test_workbench import Office, office

__all__ = ["office"]

pytestmark = pytest.mark.browser
LOCALE = {"en": "en-GB", "zh": "zh-CN"}
OVERDUE = {"en": "overdue", "zh": "已逾期"}
KEEP = {"en": "Keep the answer", "zh": "保存答复"}
SEND = {"en": "Send the answer", "zh": "发送答复"}
CLOSE = {"en": "Close it", "zh": "结案"}
CLOSED = {"en": "It is closed.", "zh": "已结案。"}


@dataclass(frozen=True)
class Matters:
    late: UUID
    dispute: UUID


async def matters(office: Office) -> Matters:
    desk = office.desk
    found = []
    for kind, topic, days in (("complaint", "conduct", 20), ("dispute", "amount", 28)):
        opening = Opening(kind, topic, "letter", desk.now - timedelta(days=days), "agent.lin")  # type: ignore[arg-type]  # from the row above
        found.append((await open_matter_by_hand(desk.resources, await desk.open_case(), opening)).matter_id)
    return Matters(*found)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_desks_pages_can_be_used_by_everybody(
    browser: Browser, office: Office, language: str, scheme: str
) -> None:
    made = await matters(office)
    page, complaints = await open_page(browser, locale=LOCALE[language], color_scheme=scheme)
    await office.sign_in(page, "agent.lin" if language == "en" else "agent.wu")
    for path in (
        "/desk/complaints",
        "/desk/disputes",
        f"/desk/complaints/{made.late}",
        f"/desk/disputes/{made.dispute}",
    ):
        await page.goto(office.url + path)
        assert await accessibility_faults(page) == [], path
        assert await page.evaluate(CONTRASTS) == [], path
        assert await page.evaluate(SMALL_TARGETS) == [], path
    assert complaints == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_late_complaint_is_answered_sent_and_closed_without_any_script(
    browser: Browser, office: Office, language: str
) -> None:
    made = await matters(office)
    page, _ = await open_page(
        browser, locale=LOCALE[language], java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    await office.sign_in(page, "agent.lin" if language == "en" else "agent.wu")
    await page.goto(f"{office.url}/desk/complaints")
    assert OVERDUE[language] in await page.locator("tbody").inner_text()
    await page.locator(f"a[href='/desk/complaints/{made.late}']").click()
    await page.locator("#outcome").select_option("partly_upheld")
    await page.locator("#root_cause").select_option("timing")
    await page.locator("input[name=redress][value=apology]").check()
    await page.get_by_role("button", name=KEEP[language]).click()
    await page.locator("#channel").select_option("email")
    await page.get_by_role("button", name=SEND[language]).click()
    await page.get_by_role("button", name=CLOSE[language]).click()
    await page.get_by_text(CLOSED[language]).wait_for()
    (row,) = await office.desk.rows("SELECT * FROM desk_matters WHERE matter_id = $1", made.late)
    assert (row["state"], row["outcome"], row["root_cause"]) == ("closed", "partly_upheld", "timing")
    assert office.desk.carriers.deliveries.total() == 1
