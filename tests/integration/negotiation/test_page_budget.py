"""The budget in steps: each one saved, nothing lost, and a proposal at the end that fits."""

from __future__ import annotations

from tests.integration.negotiation.office import Office
from tests.integration.negotiation.paper_browser import PaperBrowser, visiting


async def fill_in(browser: PaperBrowser, **amounts: str) -> None:
    """Every step with its amounts, up to the check."""
    await browser.open("/portal/budget/household")
    await browser.send("/portal/budget/household", adults="1", children="1", teenagers="")
    for step in ("income", "fixed", "flexible", "rest"):
        assert browser.page.url.path == f"/portal/budget/{step}"
        asked = {name: amounts[name] for name in amounts if f'name="{name}"' in browser.text}
        await browser.send(f"/portal/budget/{step}", **asked)
    assert browser.page.url.path == "/portal/budget/check"


async def test_a_budget_ends_with_a_proposal_that_fits_it(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await fill_in(browser, wages="2,500", rent="1,200.00", food_housekeeping="600", savings="50", other_debts="0")
        assert "Is this right?" in browser.text
        await browser.send("/portal/budget/check")
        assert browser.page.url.path == "/portal/budget/result"
        (row,) = await office.rows("SELECT affordable_minor_units FROM statements_of_means")
        assert row["affordable_minor_units"] > 0
        assert "/portal/propose?kind=instalments" in browser.text
        link = browser.text.split('href="/portal/propose?', 1)[1].split('"', 1)[0]
        await browser.open(f"/portal/propose?{link}")
        assert 'name="amount" type="text" value=""' not in browser.text
        assert await office.rows("SELECT * FROM budget_drafts") == []


async def test_each_step_is_kept_and_a_wrong_amount_is_said_beside_its_field(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/budget/income")
        await browser.send("/portal/budget/income", wages="1,850.50", wages_every="four_weekly")
        await browser.open("/portal/budget/fixed")
        page = await browser.send("/portal/budget/fixed", rent="many")
        assert (page.status_code, 'href="#rent"' in page.text) == (422, True)
        await browser.send("/portal/leave")
    async with visiting(office, case_id) as browser:
        await browser.open("/portal/budget")
        assert "Go on where you were" in browser.text
        await browser.open("/portal/budget/income")
        assert 'value="1850.50"' in browser.text
        assert '<option value="four_weekly" selected>' in browser.text
        await browser.open("/portal/budget/fixed")
        assert "many" not in browser.text
        assert (await browser.open("/portal/budget/nothing")).status_code == 404
        assert (await browser.open("/portal/budget/result")).status_code == 404


async def test_who_has_nothing_left_is_asked_for_nothing(office: Office) -> None:
    case_id = await office.take_on()
    async with visiting(office, case_id) as browser:
        await fill_in(browser, benefits="900", rent="800", food_housekeeping="400")
        await browser.send("/portal/budget/check")
        assert "There is nothing left for this debt at the moment." in browser.text
        assert 'href="/portal/relief"' in browser.text
