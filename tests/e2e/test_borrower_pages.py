"""The borrower's pages in a real browser without JavaScript: from the link to the first payment, in both languages,
by keyboard, on a narrow phone, by day and night, and every page against WCAG 2.2 AA."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page

from services.negotiation.application.follow_clearances import follow_clearances
from services.negotiation.application.record_ports import InboxMessage
from shared.events.case_recalled import CaseRecalled
from shared.events.plan_agreed import PlanAgreed
from tests.e2e.browsing import CONTRASTS, SMALL_TARGETS, accessibility_faults, open_page
from tests.integration.negotiation.cashier import Cashier, open_cashier
from tests.integration.negotiation.known_record import AT
from tests.integration.negotiation.office import BORN_ON, Office, open_office, payment
from tests.integration.negotiation.paper_browser import birthday
from tests.integration.negotiation.test_agreement import hold
from tests.support.databases import service_databases
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received
from tests.support.servers import Servers

pytestmark = pytest.mark.browser

CHANGES: dict[str, dict[str, str]] = {
    "en": {},
    "zh": {"language": "zh", "currency": "CNY", "jurisdiction": "CN"},
}
NARROW = {"width": 320, "height": 640}
LANGUAGE_TAGS = {"en": "en", "zh": "zh-CN"}


@dataclass
class Portal:
    """The pages' address, and the office behind them."""

    office: Office
    cashier: Cashier
    links: int = 0

    @property
    def url(self) -> str:
        return self.cashier.url

    async def case(self, language: str, **assessed: Any) -> UUID:
        received = case_received().model_copy(update=CHANGES[language])
        await self.office.hear(received, case_assessed(received.case_id, **assessed))
        return received.case_id

    def link(self, case_id: UUID, language: str = "") -> str:
        """A new one each time: a link opens once."""
        self.links += 1
        token = self.office.token(case_id, days=300, seconds=self.links)
        return f"{self.url}/b/{token}" + (f"?lang={language}" if language else "")

    async def enter(self, page: Page, case_id: UUID, language: str) -> None:
        await page.context.clear_cookies()
        await page.goto(self.link(case_id, language))
        await answer(page)
        await page.wait_for_url("**/portal")


async def answer(page: Page, born_on: str = BORN_ON) -> None:
    for name, value in birthday(born_on).items():
        await page.locator(f"#{name}").fill(value)
    await page.locator("main form button").first.click()


@pytest.fixture
async def portal(servers: Servers) -> AsyncIterator[Portal]:
    async with AsyncExitStack() as stack:
        base = f"t{uuid.uuid4().hex[:12]}"
        databases = await stack.enter_async_context(service_databases(servers.database_url, base, "negotiation"))
        office = await stack.enter_async_context(open_office(databases))
        yield Portal(office, await stack.enter_async_context(open_cashier(office)))


@asynccontextmanager
async def plain_page(browser: Browser, **context: Any) -> AsyncIterator[tuple[Page, list[str]]]:
    page, complaints = await open_page(browser, java_script_enabled=False, **context)
    yield page, complaints
    await page.context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_from_the_link_to_an_agreed_plan_to_the_first_payment(
    browser: Browser, portal: Portal, language: str
) -> None:
    case_id = await portal.case(language)
    async with plain_page(browser) as (page, complaints):
        await page.goto(portal.link(case_id))
        assert str(case_id) not in await page.content()
        await answer(page)
        await page.wait_for_url("**/portal")
        await page.locator("a.button[href='/portal/offers']").click()
        await page.locator("table.compare a").first.click()
        await page.locator("#confirm").check()
        await page.locator("form[action^='/portal/offers/'] button").click()
        await page.wait_for_url("**/portal/plan?said=agreed")
        (agreed,) = await portal.office.said(PlanAgreed)
        assert agreed.case_id == case_id
        assert await page.locator("table.schedule tbody tr").count() == len(agreed.terms.instalments)
        await page.locator("main a.button[href='/portal/pay']").click()
        await page.locator("input[value=instalment]").check()
        await page.locator("form[action='/portal/pay'] button").click()
        await page.locator("main a.button[href*='/sandbox/pay/']").click()
        await page.locator("button[value=pay]").click()
        await page.wait_for_url("**/portal/pay")
        await portal.cashier.settle()
        await page.reload()
        await page.locator("a[href*='/portal/pay/receipts/']").click()
        await page.wait_for_url("**/portal/pay/receipts/*")
        await page.goto(f"{portal.url}/portal/plan")
        assert await page.locator("tr.paid").count() == 1
        assert await page.evaluate("document.documentElement.lang") == LANGUAGE_TAGS[language]
        # A browser remarks on an icon that is not there.
        assert [each for each in complaints if "responded with a status of 404" not in each] == []
    (payment,) = await portal.office.rows("SELECT amount_minor_units FROM payments")
    assert payment["amount_minor_units"] == agreed.terms.instalments[0].amount


async def test_everything_can_be_done_by_keyboard_alone(browser: Browser, portal: Portal) -> None:
    case_id = await portal.case("en")
    async with plain_page(browser) as (page, _):
        await page.goto(portal.link(case_id))
        for name, value in (("day", "27"), ("month", "3"), ("year", "1985")):
            await _tab_to(page, f"#{name}")
            await page.keyboard.type(value)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/portal")
        await page.keyboard.press("Tab")
        assert await page.locator(":focus").get_attribute("href") == "#main"
        await _tab_to(page, "main a[href='/portal/offers']")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/portal/offers")
        await _tab_to(page, "table.compare a")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/portal/offers/*")
        await _tab_to(page, "#confirm")
        await page.keyboard.press("Space")
        await _tab_to(page, "form[action^='/portal/offers/'] button")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/portal/plan?said=agreed")
    assert len(await portal.office.said(PlanAgreed)) == 1


async def test_a_used_link_and_wrong_answers_lead_to_help_and_show_nothing(browser: Browser, portal: Portal) -> None:
    case_id = await portal.case("en")
    link = portal.link(case_id)
    async with plain_page(browser) as (page, _):
        await page.goto(link)
        await answer(page)
        await page.wait_for_url("**/portal")
    async with plain_page(browser) as (page, _):
        await page.goto(link)
        assert "This link has been used" in await page.content()
        await page.locator("form[action$='/new-link'] button").click()
        assert "We have noted it" in await page.content()
        fresh = portal.link(case_id)
        for wait in (0, 15, 60, 300, 0):
            await page.goto(fresh)
            await answer(page, "1990-01-01")
            portal.office.machine.advance(timedelta(seconds=wait))
        await page.goto(fresh)
        text = await page.content()
        assert "closed for now" in text
        assert "+1 212 555 0100" in text
        assert "Ada Invented" not in text
        assert "1,255" not in text


async def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; at most so often as there may be stops on a page."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        if await page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


Visit = Callable[[Page, Portal, str], Awaitable[None]]


async def _door(page: Page, portal: Portal, language: str) -> None:
    await page.goto(portal.link(await portal.case(language), language))


async def _door_by_number(page: Page, portal: Portal, language: str) -> None:
    portal.office.vault.kind = "account_number"
    await page.goto(portal.link(await portal.case(language), language))
    portal.office.vault.kind = "born_on"


async def _wrong_answer(page: Page, portal: Portal, language: str) -> None:
    await _door(page, portal, language)
    await answer(page, "1990-01-01")


async def _paused(page: Page, portal: Portal, language: str) -> None:
    await _wrong_answer(page, portal, language)
    await answer(page, "1990-01-01")


async def _used_link(page: Page, portal: Portal, language: str) -> None:
    case_id = await portal.case(language)
    link = portal.link(case_id, language)
    await page.goto(link)
    await answer(page)
    await page.context.clear_cookies()
    await page.goto(link)


async def _no_link(page: Page, portal: Portal, language: str) -> None:
    await page.goto(f"{portal.url}/b/nothing?lang={language}")


async def _vault_away(page: Page, portal: Portal, language: str) -> None:
    kept, portal.office.vault.factor = portal.office.vault.factor, None
    await _door(page, portal, language)
    portal.office.vault.factor = kept


async def _no_session(page: Page, portal: Portal, language: str) -> None:
    await page.context.clear_cookies()
    await page.goto(f"{portal.url}/portal?lang={language}")


def _at(path: str, **assessed: Any) -> Visit:
    async def visit(page: Page, portal: Portal, language: str) -> None:
        await portal.enter(page, await portal.case(language, **assessed), language)
        await page.goto(f"{portal.url}{path}")

    return visit


def _sent(path: str, **fields: str) -> Visit:
    """A form sent as it is, but for some fields."""

    async def visit(page: Page, portal: Portal, language: str) -> None:
        await _at(path)(page, portal, language)
        for name, value in fields.items():
            await page.locator(f"#{name}").fill(value)
        await page.locator(f"form[action='{path}'] button").click()

    return visit


async def _offer(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/offers")(page, portal, language)
    await page.locator("table.compare a").first.click()


async def _offer_unticked(page: Page, portal: Portal, language: str) -> None:
    await _offer(page, portal, language)
    await page.locator("form[action^='/portal/offers/'] button").click()


async def _agreed(page: Page, portal: Portal, language: str) -> None:
    await _offer(page, portal, language)
    await page.locator("#confirm").check()
    await page.locator("form[action^='/portal/offers/'] button").click()
    await page.wait_for_url("**/portal/plan?said=agreed")


async def _home_with_plan(page: Page, portal: Portal, language: str) -> None:
    await _agreed(page, portal, language)
    await page.goto(f"{portal.url}/portal")


async def _documents(page: Page, portal: Portal, language: str) -> None:
    await _agreed(page, portal, language)
    await page.goto(f"{portal.url}/portal/documents")


async def _withdraw(page: Page, portal: Portal, language: str) -> None:
    await _agreed(page, portal, language)
    await page.goto(f"{portal.url}/portal/plan/withdraw")


async def _withdrawn(page: Page, portal: Portal, language: str) -> None:
    await _withdraw(page, portal, language)
    await page.locator("#confirm").check()
    await page.locator("form[action='/portal/plan/withdraw'] button").click()


async def _countered(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/propose")(page, portal, language)
    await page.locator("input[value=lump_sum]").check()
    await page.locator("#amount").fill("500.00")
    await page.locator("form[action='/portal/propose'] button").click()


async def _payment(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/pay")(page, portal, language)
    await page.locator("input[value=whole]").check()
    await page.locator("form[action='/portal/pay'] button").click()
    await page.wait_for_url("**/portal/pay/*")


async def _paid(page: Page, portal: Portal, language: str) -> None:
    await _payment(page, portal, language)
    await page.locator("main a.button[href*='/sandbox/pay/']").click()
    await page.locator("button[value=pay]").click()
    await portal.cashier.settle()
    await page.goto(f"{portal.url}/portal/pay")


async def _receipt(page: Page, portal: Portal, language: str) -> None:
    await _paid(page, portal, language)
    await page.locator("a[href*='/portal/pay/receipts/']").click()


async def _budget_check(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/budget/household")(page, portal, language)
    for step, amounts in (
        ("household", {}),
        ("income", {"wages": "3000"}),
        ("fixed", {"rent": "1000"}),
        ("flexible", {"personal": "900"}),
        ("rest", {"savings": "20"}),
    ):
        for name, value in amounts.items():
            await page.locator(f"#{name}").fill(value)
        await page.locator(f"form[action='/portal/budget/{step}'] button").click()
    await page.wait_for_url("**/portal/budget/check")


async def _budget_result(page: Page, portal: Portal, language: str) -> None:
    await _budget_check(page, portal, language)
    await page.locator("form[action='/portal/budget/check'] button").click()
    await page.wait_for_url("**/portal/budget/result")


async def _relief_asked(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/relief")(page, portal, language)
    await page.locator("input[value=illness]").check()
    await page.locator("input[value=pause]").check()
    await page.locator("form[action='/portal/relief'] button").click()
    await page.wait_for_url("**/portal/relief?said=noted")


async def _held(page: Page, portal: Portal, language: str) -> None:
    case_id = await portal.case(language)
    await portal.office.hear(hold(case_id, uuid.uuid4(), "dispute", portal.office))
    await portal.enter(page, case_id, language)


async def _ended(page: Page, portal: Portal, language: str) -> None:
    case_id = await portal.case(language)
    at = portal.office.now
    await portal.office.hear(CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=at))
    await portal.enter(page, case_id, language)


async def _fresh_start(page: Page, portal: Portal, language: str) -> None:
    """Two months after the debt was cleared: the question of the first month is open."""
    case_id = await portal.case(language)
    currency = CHANGES[language].get("currency", "USD")
    paid = payment(case_id, 125_500, portal.office.now.date()).model_copy(update={"currency": currency})
    await portal.office.hear(paid)
    await follow_clearances(portal.office.worker.begin)
    portal.office.advance(days=40)
    await portal.enter(page, case_id, language)
    await page.goto(f"{portal.url}/portal/fresh-start")
    assert await page.locator("input[value=needs_help]").count() == 1


async def _form_of_before(page: Page, portal: Portal, language: str) -> None:
    """A page left open from another visit."""
    await _at("/portal/propose")(page, portal, language)
    await page.locator("form[action='/portal/propose'] input[name=form_token]").evaluate(
        "element => element.value = 'another.visit'"
    )
    await page.locator("form[action='/portal/propose'] button").click()


async def _left(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal")(page, portal, language)
    await page.locator("form[action='/portal/leave'] button").click()


async def _letter(page: Page, portal: Portal, language: str) -> None:
    portal.office.record_of.letters = [InboxMessage(uuid.uuid4(), "en", "Your plan", "Dear reader\nHello", AT, None)]
    await _at("/portal/messages")(page, portal, language)


async def _concerned(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/concerns")(page, portal, language)
    form = page.locator("form[action='/portal/concerns/dispute']")
    await form.locator("input[value=already_paid]").check()
    await form.locator("textarea").fill("I paid in May.")
    await form.locator("button").click()
    await page.wait_for_url("**/portal/concerns?said=noted")


async def _nothing_said(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/concerns")(page, portal, language)
    await page.locator("form[action='/portal/concerns/complaint'] button").click()
    await page.wait_for_url("**/portal/concerns/complaint")


async def _wished(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/wishes")(page, portal, language)
    form = page.locator("form[action='/portal/wishes/time']")
    await form.locator("#day_0").check()
    await form.locator("#begins").fill("18")
    await form.locator("#ends").fill("24")
    await form.locator("button").click()
    await page.wait_for_url("**/portal/wishes?said=saved")


async def _represented(page: Page, portal: Portal, language: str) -> None:
    await _at("/portal/representatives")(page, portal, language)
    form = page.locator("form[action='/portal/representatives/grant']")
    await form.locator("input[value=adviser]").check()
    await form.locator("#scope_read").check()
    await form.locator("#key").fill("A" * 43)
    await form.locator("button").click()
    await page.wait_for_url("**/portal/representatives/grant")


PAGES: dict[str, Visit] = {
    "the question": _door,
    "the other question": _door_by_number,
    "a wrong answer": _wrong_answer,
    "wait": _paused,
    "a used link": _used_link,
    "no link": _no_link,
    "the vault is away": _vault_away,
    "the visit has ended": _no_session,
    "home": _at("/portal"),
    "home with a plan": _home_with_plan,
    "home under a hold": _held,
    "home of an ended case": _ended,
    "offers": _at("/portal/offers"),
    "offers in hardship": _at("/portal/offers", arrears_cause="illness"),
    "one offer": _offer,
    "an offer without the tick": _offer_unticked,
    "agreed": _agreed,
    "taking back": _withdraw,
    "taken back": _withdrawn,
    "propose": _at("/portal/propose"),
    "a figure that cannot be read": _sent("/portal/propose", amount="0.001"),
    "countered": _countered,
    "plan without plan": _at("/portal/plan"),
    "pay": _at("/portal/pay"),
    "an amount that cannot be paid": _sent("/portal/pay", amount="many"),
    "payment under way": _payment,
    "paid": _paid,
    "receipt": _receipt,
    "back from the provider": _at("/portal/back"),
    "budget": _at("/portal/budget"),
    "budget: household": _at("/portal/budget/household"),
    "budget: income": _at("/portal/budget/income"),
    "budget: a wrong amount": _sent("/portal/budget/fixed", rent="many"),
    "budget: rest": _at("/portal/budget/rest"),
    "budget: check": _budget_check,
    "budget: result": _budget_result,
    "relief": _at("/portal/relief"),
    "relief without answers": _sent("/portal/relief", months="40"),
    "relief asked for": _relief_asked,
    "no documents": _at("/portal/documents"),
    "documents": _documents,
    "messages": _letter,
    "our conduct": _at("/portal/record"),
    "legal steps": _at("/portal/law"),
    "something is wrong": _concerned,
    "a complaint about nothing": _nothing_said,
    "reaching you": _wished,
    "who acts for you": _represented,
    "help": _at("/portal/help", arrears_cause="job_loss"),
    "nothing here": _at("/portal/budget/nothing"),
    "none of ours": _at("/portal/none/of/ours"),
    "not yet": _at("/portal/fresh-start"),
    "a form of before": _form_of_before,
    "left": _left,
    "fresh start": _fresh_start,
}


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1360, "light"), ("zh", 320, "dark"), ("en", 320, "light")]
)
async def test_every_page_can_be_read_on_desk_and_phone_by_day_and_night(
    browser: Browser, portal: Portal, scheme: Any, language: str, width: int
) -> None:
    # With scripts, for axe is one; that the pages need none is what the tests above show.
    page, complaints = await open_page(browser, color_scheme=scheme, viewport={"width": width, "height": 800})
    found: dict[str, Any] = {}
    for name, visit in PAGES.items():
        await visit(page, portal, language)
        assert await page.locator("script").count() == 0, name
        assert await page.locator("h1").count() == 1, name
        assert await page.evaluate("document.documentElement.lang") == LANGUAGE_TAGS[language], name
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            found[name] = "wider than the screen"
        found |= {
            f"{name}: {what}": faults
            for what, faults in (
                ("contrast", await page.evaluate(CONTRASTS)),
                ("targets", await page.evaluate(SMALL_TARGETS)),
                ("axe", await accessibility_faults(page)),
            )
            if faults
        }
    assert found == {}
    # A browser remarks on every answer of 4xx and 5xx, which some of these pages are.
    assert [each for each in complaints if "responded with a status of" not in each] == []
