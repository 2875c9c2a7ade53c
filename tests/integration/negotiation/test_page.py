"""The borrower's pages: without script, in two languages, with or without the vault."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.events.plan_agreed import PlanAgreed
from tests.integration.negotiation.office import Office
from tests.integration.negotiation.paper_browser import visiting
from tests.integration.negotiation.test_agreement import hold
from tests.support.events import case_assessed, case_received


async def test_the_first_page_shows_the_debt_and_what_it_comes_from(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        texts = ('lang="en"', "Hello Ada Invented", "Harbour Credit", "$1,255.00", "About this debt", "Your rights")
        assert [text for text in texts if text not in browser.text] == []
        assert "<script" not in browser.text
        style = await browser.open("/static/portal.css")
        assert style.headers["Content-Type"].startswith("text/css")


async def test_offers_stand_side_by_side_with_their_reasons(office: Office) -> None:
    case_id = await office.take_on()
    offers = (await office.see(case_id))["offers"]
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/offers")
        for offer in offers:
            assert f'href="/portal/offers/{offer["offer_id"]}"' in browser.text
            assert [reason["text"] for reason in offer["reasons"] if reason["text"] not in browser.text] == []
        await browser.open(f"/portal/offers/{offers[0]['offer_id']}")
        assert offers[0]["terms_hash"] in browser.text
        assert (await browser.open(f"/portal/offers/{UUID(int=1)}")).status_code == 404
        assert (await browser.open("/portal/offers/none")).status_code == 422


async def test_a_chinese_case_is_shown_in_chinese_and_on_request_in_english(office: Office) -> None:
    received = case_received().model_copy(update={"language": "zh", "currency": "CNY", "jurisdiction": "CN"})
    await office.hear(received, case_assessed(received.case_id))
    async with visiting(office, received.case_id) as browser:
        assert 'lang="zh-CN"' in browser.text
        assert "¥1,255.00" in browser.text
        await browser.open("/portal/offers")
        assert "为何提供此方案" in browser.text
        await browser.open("/portal?lang=en")
        assert "What is owed" in browser.text
        await browser.open("/portal/offers")
        assert 'lang="en"' in browser.text


async def test_without_the_vault_the_pages_say_less_and_work(office: Office) -> None:
    case_id = await office.take_on()
    office.vault.names = None
    async with visiting(office, case_id) as browser:
        assert "on behalf of your creditor" in browser.text
        assert "$1,255.00" in browser.text


async def test_a_plan_is_agreed_by_form(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    url = f"/portal/offers/{offer['offer_id']}"
    async with visiting(office, case_id) as browser:
        await browser.open(url)
        form = browser.hidden(url)
        unticked = await browser.send(url)
        assert (unticked.status_code, 'href="#confirm"' in unticked.text) == (422, True)
        assert await office.said(PlanAgreed) == []
        for _ in range(2):
            done = await browser.client.post(url, data={**form, "confirm": "yes"}, follow_redirects=True)
            assert (done.status_code, done.url.path) == (200, "/portal/plan")
        assert len(await office.said(PlanAgreed)) == 1
        assert "The plan is agreed" in done.text
        assert form["terms_hash"] in done.text
        await browser.open("/portal")
        assert "Next payment" in browser.text


async def test_a_proposal_by_form_is_answered_with_reasons(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/propose")
        await browser.send("/portal/propose", kind="lump_sum", amount="500.00")
        assert "We cannot agree to this, but we can offer the following." in browser.text
        assert "The reduction is larger than the creditor allows." in browser.text
        await browser.open("/portal/propose")
        await browser.send("/portal/propose", kind="instalments", months="12")
        assert "Your proposal is agreed." in browser.text
        await browser.open("/portal/propose")
        page = await browser.send("/portal/propose", kind="instalments", months="12")
        assert (page.status_code, "running plan already" in page.text) == (409, True)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "lump_sum", "amount": "12.345"}, "amount"),
        ({"kind": "lump_sum", "amount": "-5"}, "amount"),
        ({"kind": "lump_sum", "amount": "1e99"}, "amount"),
        ({"kind": "lump_sum", "amount": "NaN"}, "amount"),
        ({"kind": "lump_sum", "months": "3"}, "amount"),
        ({"kind": "instalments", "months": "0"}, "months"),
        ({"kind": "instalments", "months": "²"}, "months"),
        ({"kind": "instalments", "months": "3", "first_due_on": "tomorrow"}, "first_due_on"),
        ({"kind": "gift", "amount": "5"}, "kind"),
        ({"kind": "lump_sum", "amount": "<script>alert(1)</script>"}, "amount"),
        ({"kind": "instalments"}, "amount"),
        ({}, "kind"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field(office: Office, fields: dict[str, str], wrong: str) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/propose")
        page = await browser.send("/portal/propose", **fields)
        assert page.status_code == 422
        assert f'href="#{wrong}"' in page.text
        assert f'id="{wrong}"' in page.text
        assert "Please check this" in page.text
        assert "<script" not in page.text
    assert (await office.rows("SELECT rounds FROM cases"))[0]["rounds"] == 0


async def test_an_address_that_is_none_of_ours_is_answered_by_a_page(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        page = await browser.open("/portal/nothing/here")
        assert (page.status_code, "This page is not here" in page.text) == (404, True)
    page = await office.api.get("/portal/nothing/here")
    assert (page.status_code, "Your visit has ended" in page.text) == (401, True)


async def test_under_a_dispute_the_pages_say_that_we_check(office: Office) -> None:
    case_id = await office.take_on()
    await office.hear(hold(case_id, UUID(int=7), "dispute", office))
    async with visiting(office, case_id) as browser:
        assert "Work on this debt is paused for now." in browser.text
        await browser.open("/portal/offers")
        assert "nothing new can be agreed" in browser.text
        await browser.open("/portal/propose")
        page = await browser.send("/portal/propose", kind="instalments", months="12")
        assert page.status_code == 409
