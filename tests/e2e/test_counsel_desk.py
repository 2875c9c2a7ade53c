"""Counsel's desk in a real browser: from the queue to a signed and posted letter without script, and what axe says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Browser, Page

from services.negotiation.adapters.legal_bundle import PdfBundler
from services.negotiation.adapters.work import BeginWork
from services.negotiation.application.legal_ports import Counsel, LegalDesk
from services.negotiation.domain.legal.grounds import digest
from services.negotiation.main import create_service
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.e2e.browsing import CONTRASTS, SMALL_TARGETS, accessibility_faults, open_page, served
from tests.integration.negotiation.office import open_office
from tests.integration.negotiation.test_legal import KEY, SomeHandovers, Track
from tests.support.databases import ServiceDatabases

pytestmark = pytest.mark.browser

TOKEN = "the token of counsel.roe in these tests"
LOCALE = {"en": "en-GB", "zh": "zh-CN"}
SIGN = {"en": "Put my word on record", "zh": "记录我的意见"}
LETTER = {"en": "The letter was posted today", "zh": "信函已于今日寄出"}
CHECK = {"en": "I have looked at this", "zh": "已核查"}
DRAW = {"en": "Draw up statement and information sheet", "zh": "生成对账单与告知书"}
ONLY = {"en": "Only a registered lawyer signs", "zh": "只有登记的律师可以签署"}


@dataclass
class CounselOffice:
    """A desk that can be visited, and what lies behind it."""

    track: Track
    url: str

    async def sign_in(self, page: Page, who: str, token: str) -> None:
        await page.goto(f"{self.url}/counsel")
        await page.locator("#staff_id").fill(who)
        await page.locator("#token").fill(token)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{self.url}/counsel")


@pytest.fixture
async def office(service_database: Callable[[str], Awaitable[ServiceDatabases]]) -> AsyncIterator[CounselOffice]:
    async with open_office(await service_database("negotiation")) as office:
        handovers = SomeHandovers()
        desk = LegalDesk(handovers=handovers, bundler=PdfBundler(), key=KEY)
        portal = replace(office.worker.portal, machine=office.machine)
        begin = BeginWork(office.databases.api)
        resources = replace(office.worker, begin=begin, legal=desk, portal=portal)
        async with office.worker.begin() as work:
            await work.legal.register(Counsel("counsel.roe", ("US",), digest(TOKEN), True, "lead.kim", office.now))
            await work.commit()
        app = build_app(
            create_service(), Platform("api", office.databases.clock, office.databases.api), resources=resources
        )
        app.state.resources = resources
        async with served(app) as url:
            yield CounselOffice(Track(office, handovers, resources), url)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_file_is_prepared_signed_and_sent_without_any_script(
    browser: Browser, office: CounselOffice, language: str
) -> None:
    _, legal_id = await office.track.open()
    clerk, complaints = await open_page(
        browser, locale=LOCALE[language], java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    await office.sign_in(clerk, "clerk.may", SANDBOX_SECRET)
    await clerk.locator(f"a[href='/counsel/files/{legal_id}']").click()
    assert await clerk.get_by_text(ONLY[language]).count() == 1
    for _ in range(7):
        await clerk.get_by_role("button", name=CHECK[language]).first.click()
    await clerk.get_by_role("button", name=DRAW[language]).click()
    await clerk.locator("summary").first.click()
    await clerk.locator("#document_kind").select_option("letter_before_action")
    await clerk.locator("#document_title").fill("Letter of today")
    letter = {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"Dear reader, this is invented."}
    await clerk.locator("#upload").set_input_files(letter)  # type: ignore[arg-type]  # a FilePayload
    await clerk.locator("form[action$='/documents'] button").click()
    await clerk.wait_for_url("**?done=1")

    counsel, _ = await open_page(browser, locale=LOCALE[language], java_script_enabled=False)
    await office.sign_in(counsel, "counsel.roe", TOKEN)
    await counsel.goto(f"{office.url}/counsel/files/{legal_id}")
    await counsel.locator("#reasons").fill("The account agrees with the books.\nSofter steps are proven.")
    await counsel.get_by_role("button", name=SIGN[language]).click()
    await counsel.wait_for_url("**?done=1")

    await clerk.reload()
    await clerk.get_by_role("button", name=LETTER[language]).click()
    await clerk.wait_for_url("**?done=1")
    assert (await office.track.state(legal_id))[0] == "letter_before_action"
    assert complaints == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_counsels_pages_can_be_used_by_everybody(
    browser: Browser, office: CounselOffice, language: str, scheme: str
) -> None:
    pages = await _busy_file(office)
    page, complaints = await open_page(browser, locale=LOCALE[language], color_scheme=scheme)
    await page.goto(f"{office.url}/counsel/login")
    assert await accessibility_faults(page) == []
    await office.sign_in(page, "counsel.roe", TOKEN)
    for path in pages:
        await page.goto(office.url + path)
        assert await accessibility_faults(page) == [], path
        assert await page.evaluate(CONTRASTS) == [], path
        assert await page.evaluate(SMALL_TARGETS) == [], path
    assert complaints == []


async def _busy_file(office: CounselOffice) -> list[str]:
    """A file that has come to a hearing, with a refused hand-over beside it."""
    track = office.track
    _, legal_id = await track.ready()
    await track.sue(legal_id)
    other = await track.office.take_on()
    track.hand_over(other, proof_hash="0" * 64)
    await track.sweep()
    return ["/counsel", "/counsel?state=suit", f"/counsel/files/{legal_id}", f"/counsel/files/{legal_id}/sheet"]


async def test_the_bundle_comes_as_one_indexed_document_and_the_same_file_gives_the_same_bytes(
    browser: Browser, office: CounselOffice
) -> None:
    _, legal_id = await office.track.open()
    await office.track.prepare(legal_id)
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await office.sign_in(page, "counsel.roe", TOKEN)
    answers = [await context.request.get(f"{office.url}/counsel/files/{legal_id}/bundle.pdf") for _ in range(2)]
    # The made-up PDFs of the tests cannot be bound: that is said, not passed over.
    assert [answer.status for answer in answers] == [409, 409]


async def test_a_lawyers_id_does_not_open_with_the_staffs_token(browser: Browser, office: CounselOffice) -> None:
    page, _ = await open_page(browser, locale="en-GB")
    await page.goto(f"{office.url}/counsel")
    await page.locator("#staff_id").fill("counsel.roe")
    await page.locator("#token").fill(SANDBOX_SECRET)
    await page.keyboard.press("Enter")
    await page.get_by_role("alert").wait_for()
    assert await page.locator("table").count() == 0
