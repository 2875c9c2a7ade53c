"""The borrower's page: without script, in two languages, with or without the vault, and with a key in its address."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from shared.events.plan_agreed import PlanAgreed
from tests.integration.negotiation.office import Office
from tests.integration.negotiation.test_agreement import hold
from tests.support.events import case_assessed, case_received


async def test_the_page_shows_debt_offers_and_reasons(office: Office) -> None:
    case_id = await office.take_on()
    page = await office.api.get(f"/b/{office.token(case_id)}")
    assert page.status_code == 200
    for text in ('lang="en"', "Dear Ada Invented", "Harbour Credit", "$1,255.00", "5 × $251.00", "Your rights"):
        assert text in page.text
    assert "<script" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (await office.api.get("/static/portal.css")).headers["Content-Type"].startswith("text/css")


async def test_a_chinese_case_is_shown_in_chinese_and_on_request_in_english(office: Office) -> None:
    received = case_received().model_copy(update={"language": "zh", "currency": "CNY", "jurisdiction": "CN"})
    await office.hear(received, case_assessed(received.case_id))
    url = f"/b/{office.token(received.case_id)}"
    chinese = (await office.api.get(url)).text
    assert 'lang="zh-CN"' in chinese
    assert "¥1,255.00" in chinese
    assert "为何提供此方案" in chinese
    assert "What is owed" in (await office.api.get(url, params={"lang": "en"})).text


async def test_without_the_vault_the_page_says_less_and_works(office: Office) -> None:
    case_id = await office.take_on()
    office.vault.names = None
    page = await office.api.get(f"/b/{office.token(case_id)}")
    assert page.status_code == 200
    assert "on behalf of your creditor" in page.text
    assert "$1,255.00" in page.text


async def test_a_plan_is_agreed_by_form(office: Office) -> None:
    case_id = await office.take_on()
    form = hidden_fields(await office.api.get(f"/b/{office.token(case_id)}"))
    url = f"/b/{office.token(case_id)}/accept"
    unticked = await office.api.post(url, data=form)
    assert (unticked.status_code, await office.said(PlanAgreed)) == (422, [])
    for _ in range(2):
        done = await office.api.post(url, data={**form, "confirm": "yes"})
        assert (done.status_code, done.headers["Location"].endswith("said=agreed")) == (303, True)
    assert len(await office.said(PlanAgreed)) == 1
    page = await office.api.get(done.headers["Location"])
    assert "The plan is agreed" in page.text
    assert form["terms_hash"] in page.text


async def test_a_proposal_by_form_is_answered_with_reasons(office: Office) -> None:
    case_id = await office.take_on()
    page = await office.propose(case_id, kind="lump_sum", amount="500.00")
    assert "We cannot agree to this, but we can offer the following." in page.text
    assert "The reduction is larger than the creditor allows." in page.text
    page = await office.propose(case_id, kind="instalments", months="12")
    assert "Your proposal is agreed." in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "lump_sum", "amount": "12.345"},
        {"kind": "lump_sum", "amount": "-5"},
        {"kind": "lump_sum", "amount": "1e99"},
        {"kind": "lump_sum", "amount": "NaN"},
        {"kind": "lump_sum", "months": "3"},
        {"kind": "instalments", "months": "0"},
        {"kind": "instalments", "months": "²"},
        {"kind": "instalments", "months": "3", "first_due_on": "tomorrow"},
        {"kind": "gift", "amount": "5"},
        {"kind": "lump_sum", "amount": "<script>alert(1)</script>"},
        {},
    ],
)
async def test_figures_that_cannot_be_read_are_said_to_be(office: Office, fields: dict[str, str]) -> None:
    case_id = await office.take_on()
    page = await office.propose(case_id, **fields)
    assert page.status_code == 422
    assert "Please check the figures." in page.text
    assert "<script" not in page.text
    assert (await office.rows("SELECT rounds FROM cases"))[0]["rounds"] == 0


async def test_under_a_dispute_the_page_says_that_we_check(office: Office) -> None:
    case_id = await office.take_on()
    await office.hear(hold(case_id, UUID(int=7), "dispute", office))
    page = await office.api.get(f"/b/{office.token(case_id)}")
    assert "Work on this debt is paused for now." in page.text
    assert "Agree to this plan" not in page.text


async def test_a_wrong_or_old_link_opens_nothing(office: Office) -> None:
    case_id = await office.take_on()
    token = office.token(case_id, days=1)
    assert (await office.api.get(f"/b/{token[:-2]}AA")).status_code == 401
    office.advance(days=1, seconds=1)
    page = await office.api.get(f"/b/{token}", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 401
    assert "链接已失效" in page.text
    assert "1,255" not in page.text


def hidden_fields(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the first form on the page."""
    form = page.text.split("<form", 2)[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
