"""Lenders and staff act on their day, in one order, and what is refused is counted and not believed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.borrowers.paying import Payment
from deploy.sandbox.calendar import RECALLS_AT, STAFF_WORKS_AT, Step, steps
from deploy.sandbox.calls import TRIES_MAX, Caller, UnexpectedAnswer
from deploy.sandbox.lender_desk import RECALLS, LenderDesk
from deploy.sandbox.lenders import HARBOUR_CREDIT, Lender
from deploy.sandbox.staff_desk import StaffDesk
from tests.unit.sandbox.builders import a_borrower

DAY = date(2026, 1, 10)


def a_step(hour: int, day: date = DAY) -> Step:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Step(1, at, (day - date(2026, 1, 5)).days)


class HarbourCredit:
    """The lender's calls, kept instead of sent; references in `refused` are answered with an error."""

    profile = HARBOUR_CREDIT

    def __init__(self, refused: frozenset[str] = frozenset(), status: int | None = None) -> None:
        self.reports: list[Mapping[str, Any]] = []
        self.recalled: list[str] = []
        self._refused = refused
        self._status = status

    async def report(self, payments: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
        self.reports += payments
        wrong = {"errors": [{"code": "case_unknown"}]}
        return [
            {"reference": p["reference"], **(wrong if p["reference"] in self._refused else {"payment_id": "p"})}
            for p in payments
        ]

    async def recall(self, borrower: Borrower, reason: str) -> None:
        if self._status is not None:
            request = httpx.Request("POST", "http://intake.invalid/recall")
            raise UnexpectedAnswer(httpx.Response(self._status, json={"code": "not_open"}, request=request))
        self.recalled.append(borrower.account_number)


def a_desk(lender: HarbourCredit, *borrowers: Borrower) -> LenderDesk:
    by_account = {borrower.account_number: borrower for borrower in borrowers}
    return LenderDesk(1, {"Harbour Credit": cast(Lender, lender)}, by_account)


async def test_a_payment_is_reported_once_on_its_day_in_the_lenders_afternoon() -> None:
    lender, borrower = HarbourCredit(), a_borrower()
    borrower.payments = [Payment(DAY, 5_000), Payment(DAY + timedelta(days=1), 6_000)]
    desk = a_desk(lender, borrower)
    assert [await desk.report_payments(a_step(hour)) for hour in (9, 21, 21)] == [0, 1, 0]
    assert [report["amount_minor_units"] for report in lender.reports] == [5_000]
    assert lender.reports[0]["received_on"] == "2026-01-10"
    assert desk.collected == {"USD": 5_000}


async def test_a_bounced_payment_is_taken_back_three_days_later() -> None:
    lender, borrower = HarbourCredit(), a_borrower()
    borrower.payments = [Payment(DAY, 5_000, DAY + timedelta(days=3))]
    desk = a_desk(lender, borrower)
    for n in range(4):
        await desk.report_payments(a_step(21, DAY + timedelta(days=n)))
    paid, bounced = lender.reports
    assert bounced["reverses_reference"] == paid["reference"] != bounced["reference"]
    assert bounced["received_on"] == "2026-01-13"
    assert desk.collected == {"USD": 0}


async def test_a_refused_payment_is_counted_and_not_collected() -> None:
    borrower = a_borrower("HC-1")
    borrower.payments = [Payment(DAY, 5_000)]
    desk = a_desk(HarbourCredit(frozenset({"HC-1-P001"})), borrower)
    await desk.report_payments(a_step(21))
    assert desk.refusals == {"payment.case_unknown": 1}
    assert desk.collected == {}
    assert desk.payments == 0


async def test_only_somebody_without_a_plan_is_recalled_and_then_pays_no_more() -> None:
    lender, kept, other = HarbourCredit(), a_borrower("HC-1"), a_borrower("HC-2", mobile="+12125550101")
    kept.memory.has_plan = True
    other.payments = [Payment(DAY, 5_000)]
    desk = a_desk(lender, kept, other)
    recall_day = date(2026, 1, 5) + timedelta(days=RECALLS[0][0])
    assert await desk.recall(a_step(RECALLS_AT, recall_day)) == 1
    assert await desk.recall(a_step(RECALLS_AT + 4, recall_day)) == 0
    assert lender.recalled == ["HC-2"]
    assert other.payments == []


async def test_a_refused_recall_is_counted_and_a_broken_intake_is_not_hidden() -> None:
    step = a_step(RECALLS_AT, date(2026, 1, 5) + timedelta(days=RECALLS[0][0]))
    desk = a_desk(HarbourCredit(status=409), a_borrower())
    await desk.recall(step)
    assert desk.refusals == {"recall.not_open": 1}
    with pytest.raises(UnexpectedAnswer):
        await a_desk(HarbourCredit(status=500), a_borrower()).recall(step)


class Outreach:
    """Outreach's staff API with one complaint and one dispute, opened when `opened_at` says."""

    def __init__(self, opened_at: datetime) -> None:
        self.closed: list[tuple[str, str]] = []
        self._opened_at = opened_at.isoformat()

    async def staff(self, url: str, body: Any = None, *, method: str = "POST") -> Any:
        if method == "POST":
            self.closed.append((url.removeprefix("http://outreach.invalid/v1/"), body["outcome"]))
            return {}
        what = "complaint" if "complaints" in url else "dispute"
        return {f"{what}s": [{f"{what}_id": f"{what}-1", "case_id": "case-1", "opened_at": self._opened_at}]}


@pytest.mark.parametrize(
    ("age", "closed"),
    [
        (timedelta(days=6) - timedelta(seconds=1), []),
        (timedelta(days=6), ["complaints/complaint-1/close"]),
        (timedelta(days=9), ["complaints/complaint-1/close", "disputes/dispute-1/close"]),
    ],
)
async def test_staff_closes_what_has_been_open_long_enough(age: timedelta, closed: list[str]) -> None:
    step = a_step(STAFF_WORKS_AT)
    outreach = Outreach(step.at - age)
    desk = StaffDesk(1, cast(Caller, outreach), "http://outreach.invalid", {"HC-1": a_borrower(case_id="case-1")})
    assert await desk.work(step) == len(closed)
    assert [url for url, _ in outreach.closed] == closed


async def test_staff_works_once_a_day() -> None:
    outreach = Outreach(datetime(2026, 1, 1, tzinfo=UTC))
    desk = StaffDesk(1, cast(Caller, outreach), "http://outreach.invalid", {})
    assert [await desk.work(a_step(hour)) for hour in (1, 5, 9, 17, 21)] == [0] * 5


def test_the_clock_stops_six_times_a_day_and_only_goes_on() -> None:
    stops = list(steps(3))
    assert [step.number for step in stops] == list(range(1, 19))
    assert all(before.at < after.at for before, after in itertools.pairwise(stops))
    assert [step.day_number for step in stops if step.is_last_of_day] == [0, 1, 2]


def a_caller(breaks: int, calls: list[httpx.Request]) -> Caller:
    """One whose first `breaks` calls meet a connection that is being closed."""

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if len(calls) <= breaks:
            raise httpx.RemoteProtocolError("closed")
        return httpx.Response(200, json={"is": "there"})

    caller = Caller(cast(Any, SimpleNamespace(now=lambda: datetime(2026, 1, 5, tzinfo=UTC))))
    caller.client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return caller


async def test_a_call_is_repeated_when_its_connection_breaks() -> None:
    calls: list[httpx.Request] = []
    assert await a_caller(TRIES_MAX - 1, calls).anybody("GET", "http://service.invalid/") == {"is": "there"}
    assert len(calls) == TRIES_MAX


async def test_a_call_is_given_up_after_its_last_try() -> None:
    calls: list[httpx.Request] = []
    with pytest.raises(httpx.RemoteProtocolError):
        await a_caller(TRIES_MAX, calls).anybody("GET", "http://service.invalid/")
    assert len(calls) == TRIES_MAX
