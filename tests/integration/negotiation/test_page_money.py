"""Paying, papers and taking back on the pages: plain forms, each sent once."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from services.negotiation.application.follow_clearances import follow_clearances
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_requested import ReliefRequested
from tests.integration.negotiation.cashier import Cashier
from tests.integration.negotiation.office import Office
from tests.integration.negotiation.paper_browser import PaperBrowser, visiting

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
RELIEF = {"cause": "illness", "form": "pause", "months": "3"}


async def test_the_whole_agreement_is_read_before_it_is_agreed_to_and_kept(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    async with visiting(office, case_id) as browser:
        await _agree(browser, offer)
        (evidence,) = await office.rows("SELECT * FROM acceptances")
        assert (evidence["how"], evidence["second_factor"]) == ("tick_box", "born_on")
        assert evidence["shown_text_hash"] == evidence["text_hash"]
        await browser.open("/portal/documents")
        (link,) = re.findall(r'href="(/portal/documents/[^"]+)"', browser.page.text)
        paper = await browser.open(link)
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        assert "attachment" in paper.headers["Content-Disposition"]


async def test_an_agreement_is_taken_back_once(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    async with visiting(office, case_id) as browser:
        await _agree(browser, offer)
        await browser.open("/portal/plan/withdraw")
        form = browser.hidden("/portal/plan/withdraw")
        assert (await browser.client.post("/portal/plan/withdraw", data=form)).status_code == 422
        for _ in range(2):
            done = await browser.client.post("/portal/plan/withdraw", data={**form, "confirm": "yes"})
            assert (done.status_code, "has been taken back" in done.text) == (200, True)
        assert len(await office.said(PlanWithdrawn)) == 1
        assert (await browser.open("/portal/plan/withdraw")).status_code == 404


async def test_a_payment_begins_once_and_is_seen_when_it_came(cashier: Cashier) -> None:
    office = cashier.office
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/pay")
        assert "Pay by bank transfer" in browser.text
        form = {**browser.hidden("/portal/pay"), "purpose": "amount", "amount": "25.00"}
        pages = [await browser.client.post("/portal/pay", data=form, follow_redirects=True) for _ in range(2)]
        assert pages[0].url == pages[1].url
        assert "waiting for your payment" in pages[0].text
        (address,) = re.findall(rf'href="({cashier.url}/sandbox/pay/[^"]+)"', pages[0].text)
        pressed = await cashier.outside.post(address, data={"decision": "pay", "code": ""})
        assert pressed.headers["Location"] == f"{cashier.url}/portal/back"
        await cashier.settle()
        assert "paid, thank you" in (await browser.open(pages[0].url.path)).text
        await browser.open("/portal/pay")
        (receipt,) = re.findall(r'href="(/portal/pay/receipts/[^"]+)"', browser.page.text)
        assert "$25.00" in (await browser.open(receipt)).text


async def test_while_the_provider_is_away_nothing_is_charged(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/pay")
        page = await browser.send("/portal/pay", purpose="whole")
        assert (page.status_code, "nothing has been charged" in page.text) == (429, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"purpose": "amount", "amount": "9,999.00"}, "This is more than is owed."),
        ({"purpose": "amount", "amount": "0.01"}, "This is too little to be sent."),
        ({"purpose": "amount", "amount": "five"}, "Enter an amount"),
        ({"purpose": "amount"}, "Enter this."),
        ({"purpose": "instalment"}, "There is no instalment to pay."),
        ({"purpose": "gift"}, "Choose one of these."),
    ],
)
async def test_what_cannot_be_paid_is_said_beside_its_field(office: Office, fields: dict[str, str], said: str) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/pay")
        page = await browser.send("/portal/pay", **fields)
        assert (page.status_code, said in page.text) == (422, True)


async def test_a_receipt_says_what_a_payment_paid(office: Office) -> None:
    case_id = await office.take_on()
    payment_id = await office.pay(case_id, 10_000, office.now.date())
    async with visiting(office, case_id) as browser:
        await browser.open(f"/portal/pay/receipts/{payment_id}")
        assert "$100.00" in browser.text
        assert (await browser.open(f"/portal/pay/receipts/{UUID(int=5)}")).status_code == 404


async def test_coming_back_from_another_site_needs_no_secret(office: Office) -> None:
    page = await office.api.get("/portal/back")
    assert (page.status_code, "Welcome back" in page.text) == (200, True)


async def test_relief_is_asked_for_once_with_papers_added_later(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/relief")
        form = {**browser.hidden("/portal/relief"), **RELIEF}
        for _ in range(2):
            browser.page = await browser.client.post("/portal/relief", data=form, follow_redirects=True)
            assert "Nobody will write or call about payment meanwhile." in browser.text
        assert len(await office.said(ReliefRequested)) == 1
        action = _action(browser, "papers")
        fields = {**browser.hidden(action), "kind": "medical_certificate"}
        for content, status, said in (
            (b"", 422, "Choose a file."),
            (b"MZ not a paper", 422, "Only PDF, JPEG and PNG can be kept."),
            (b"%PDF-" + b"x" * (5 * 1024 * 1024), 422, "larger than 5 MB"),
            (PDF, 200, "Medical certificate"),
        ):
            files = {"file": ("note.pdf", content, "application/pdf")}
            page = await browser.client.post(action, data=fields, files=files, follow_redirects=True)
            assert (page.status_code, said in page.text) == (status, True), said
        browser.page = page
        await browser.send(_action(browser, "withdraw"))
        assert "You have taken your request back." in browser.text


async def test_a_request_that_lacks_something_is_said_to(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/relief")
        page = await browser.send("/portal/relief", cause="boredom", months="40")
        assert page.status_code == 422
        assert all(f'href="#{name}"' in page.text for name in ("cause", "form", "months"))
        assert await office.said(ReliefRequested) == []


async def test_after_a_cleared_debt_comes_a_fresh_start(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        early = await browser.open("/portal/fresh-start")
        assert (early.status_code // 100, "Please look at the overview." in early.text) == (4, True)
        await office.pay(case_id, 125_500, office.now.date())
        await browser.open("/portal")
        assert 'href="/portal/fresh-start"' in browser.text
        await browser.open("/portal/fresh-start")
        assert "This debt is cleared." in browser.text
        assert "How are things going?" not in browser.text
        await follow_clearances(office.worker.begin)
        office.advance(days=40)
        await browser.open("/portal/fresh-start")
        await browser.send("/portal/fresh-start/questions/30", answer="needs_help")
        assert "Thank you. We have noted it." in browser.text
        (row,) = await office.rows("SELECT state FROM check_ins WHERE days = 30")
        assert row["state"] == "needs_help"
        await browser.open("/portal/documents")
        paper = await browser.open("/portal/documents/clearance")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")


async def _agree(browser: PaperBrowser, offer: dict[str, Any]) -> None:
    url = f"/portal/offers/{offer['offer_id']}"
    await browser.open(url)
    await browser.send(url, confirm="yes")
    assert browser.page.url.path == "/portal/plan"


def _action(browser: PaperBrowser, name: str) -> str:
    return str(re.findall(rf'action="(/portal/relief/[^"]+/{name})"', browser.page.text)[0])
