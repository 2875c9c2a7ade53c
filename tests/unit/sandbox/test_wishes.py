"""Some borrowers pay on their page, ask for relief, state a budget or think again: always the same ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import httpx
import pytest

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.borrowers.paying import Payment
from deploy.sandbox.borrowers.wishes import budget, pays_on_the_page, relief_wish, thinks_again
from deploy.sandbox.calendar import PAYS_AT, Step
from deploy.sandbox.calls import UnexpectedAnswer
from deploy.sandbox.payers import Payers
from deploy.sandbox.portal import Portal
from tests.unit.sandbox.builders import a_borrower, a_character

ACCOUNTS = [f"HC-{n:05d}" for n in range(400)]
DAY = date(2026, 1, 10)
ON_THE_PAGE = next(account for account in ACCOUNTS if pays_on_the_page(1, account))
BY_TRANSFER = next(account for account in ACCOUNTS if not pays_on_the_page(1, account))


def a_step(day: int = DAY.day, hour: int = PAYS_AT) -> Step:
    return Step(1, datetime(2026, 1, day, hour, tzinfo=UTC), day - 5)


class Page:
    """The borrower's page, kept instead of called; `status` refuses every payment."""

    def __init__(self, status: int | None = None) -> None:
        self.paid: list[tuple[str, int, str]] = []
        self.charged_back: list[str] = []
        self._status = status

    async def enter(self, borrower: Borrower) -> None:
        borrower.used_token = borrower.token

    async def pay(self, borrower: Borrower, minor_units: int, key: str) -> str:
        if self._status is not None:
            request = httpx.Request("POST", "http://negotiation.invalid/v1/borrower/payments")
            raise UnexpectedAnswer(httpx.Response(self._status, json={"code": "more_than_owed"}, request=request))
        self.paid.append((borrower.account_number, minor_units, key))
        return f"p-{len(self.paid)}"

    async def charge_back(self, payment_id: str) -> None:
        self.charged_back.append(payment_id)


def payers(page: Page, *borrowers: Borrower) -> Payers:
    return Payers(1, cast(Portal, page), {each.account_number: each for each in borrowers})


def somebody(account: str, *payments: Payment) -> Borrower:
    borrower = a_borrower(account)
    borrower.token, borrower.payments = "link", list(payments)
    return borrower


async def test_what_is_due_is_paid_on_the_page_and_not_to_the_lender_again() -> None:
    page, later = Page(), Payment(date(2026, 1, 11), 700)
    borrower = somebody(ON_THE_PAGE, Payment(DAY, 500), later)
    desk = payers(page, borrower)
    assert await desk.pay(a_step(hour=PAYS_AT + 4)) == 0
    assert await desk.pay(a_step()) == 1
    assert [amount for _, amount, _ in page.paid] == [500]
    assert borrower.payments == [later]


async def test_who_pays_by_transfer_or_has_no_link_leaves_the_payment_to_the_lender() -> None:
    page, without_link = Page(), somebody(ON_THE_PAGE, Payment(DAY, 500))
    without_link.token = None
    other = somebody(BY_TRANSFER, Payment(DAY, 500))
    assert await payers(page, without_link, other).pay(a_step()) == 0
    assert (len(without_link.payments), len(other.payments), page.paid) == (1, 1, [])


async def test_a_refused_payment_is_counted_and_left_to_the_lender_and_a_broken_page_is_not_hidden() -> None:
    borrower = somebody(ON_THE_PAGE, Payment(DAY, 500))
    desk = payers(Page(422), borrower)
    assert await desk.pay(a_step()) == 0
    assert desk.refusals == {"pay.more_than_owed": 1}
    assert borrower.payments == [Payment(DAY, 500)]
    with pytest.raises(UnexpectedAnswer):
        await payers(Page(500), borrower).pay(a_step())


async def test_a_payment_is_charged_back_once_on_its_day_and_never_before_it_was_made() -> None:
    page = Page()
    borrower = somebody(ON_THE_PAGE, Payment(DAY, 500, date(2026, 1, 13)), Payment(DAY, 600, DAY))
    desk = payers(page, borrower)
    for day in (10, 11, 12, 13, 14):
        await desk.pay(a_step(day))
    assert page.charged_back == ["p-2", "p-1"]


def test_only_hardship_asks_for_relief_and_an_amount_goes_with_reduced_payments_alone() -> None:
    assert all(relief_wish(1, account, a_character("oversight")) is None for account in ACCOUNTS)
    found = [relief_wish(1, account, a_character("illness")) for account in ACCOUNTS]
    wishes: list[dict[str, Any]] = [wish for wish in found if wish is not None]
    assert 0 < len(wishes) < len(ACCOUNTS)
    assert {wish["form"] for wish in wishes} == {"pause", "deferral", "interest_freeze", "reduced"}
    assert all(("monthly_minor_units" in wish) == (wish["form"] == "reduced") for wish in wishes)
    assert all(1 <= wish["months"] <= 3 for wish in wishes)


@pytest.mark.parametrize(("language", "form"), [("en", "sfs"), ("zh", "cn")])
def test_a_budget_has_the_form_of_its_country_and_leaves_what_is_free(language: str, form: str) -> None:
    stated = [budget(1, account, a_character(), language) for account in ACCOUNTS]
    budgets = [body for body in stated if body is not None]
    assert 0 < len(budgets) < len(ACCOUNTS)
    for body in budgets:
        wages, rent = (line["amount_minor_units"] for line in body["lines"])
        assert (body["form"], wages - rent) == (form, 2 * a_character().free_monthly)


def test_the_same_seed_gives_the_same_wishes() -> None:
    for account in ACCOUNTS[:20]:
        assert pays_on_the_page(7, account) == pays_on_the_page(7, account)
        assert thinks_again(7, account, 1) == thinks_again(7, account, 1)
        assert relief_wish(7, account, a_character("illness")) == relief_wish(7, account, a_character("illness"))
    assert {thinks_again(1, account, 1) for account in ACCOUNTS} == {True, False}
