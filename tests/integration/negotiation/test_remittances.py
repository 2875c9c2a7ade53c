"""Fees, remittances and the trust account on real PostgreSQL, through the API and the timers."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest
import rfc8785

from services.negotiation.application.collect_remittances import (
    collect_remittances,
    tell_remittances,
    undo_remittances,
)
from services.negotiation.application.lender_ports import SignedRequest
from services.negotiation.application.post_payments import Receipt, book_receipts
from services.negotiation.application.reconcile_trust import (
    TrustAudit,
    TrustReconciliation,
    record_statement_balance,
)
from services.negotiation.application.refund_money import cancel_refund, reserve_refund, settle_refund
from services.negotiation.application.remittance_ports import StatementBalance
from services.negotiation.application.replay_books import replay_books
from services.negotiation.domain.ledger import BooksBroken
from services.negotiation.domain.money_refusals import NothingToRefund, RefundEnded
from shared.events.payment_remitted import PaymentRemitted
from shared.kernel.refusal import Unidentified
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import KEY_ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER
from tests.integration.negotiation.office import Office, payment
from tests.support.events import HARBOUR_CREDIT

FLAT = {"valid_from": "2026-01-01", "rules": [{"tiers": [{"rate": 2000}]}]}


def staff(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {SANDBOX_SECRET}", "X-Staff-Id": who}


async def receive(office: Office, case_id: UUID, amount: int, *, reverses: UUID | None = None) -> UUID:
    receipt = Receipt(uuid4(), case_id, amount, "USD", office.now.date(), "agency", reverses)
    async with office.worker.begin() as work:
        await book_receipts(work, [(receipt, None)])
        await work.commit()
    return receipt.payment_id


async def post(office: Office, path: str, who: str, body: Any = None) -> dict[str, Any]:
    response = await office.api.post(path, json=body, headers=staff(who))
    assert response.status_code < 300, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def agree_fees(office: Office, fees: dict[str, Any] | None = None) -> None:
    made = await post(office, f"/v1/creditors/{HARBOUR_CREDIT}/fees", "mira", fees or FLAT)
    await post(office, f"/v1/creditors/{HARBOUR_CREDIT}/fees/{made['version']}/approve", "theo")


async def begin(office: Office) -> str:
    office.advance(days=1)
    period_to = (office.now.date() - timedelta(days=1)).isoformat()
    wanted = {"creditor_id": str(HARBOUR_CREDIT), "currency": "USD", "period_to": period_to}
    begun = await post(office, "/v1/remittances", "mira", wanted)
    assert (await post(office, "/v1/remittances", "mira", wanted))["remittance_id"] == begun["remittance_id"]
    await work_through(office)
    remittance_id: str = begun["remittance_id"]
    return remittance_id


async def pay(office: Office, remittance_id: str) -> dict[str, Any]:
    await post(office, f"/v1/remittances/{remittance_id}/approve", "theo")
    body = {"paid_on": office.now.date().isoformat(), "bank_reference": "TRANSFER-1"}
    paid = await post(office, f"/v1/remittances/{remittance_id}/paid", "mira", body)
    await work_through(office)
    return paid


async def work_through(office: Office) -> None:
    for sweep in (undo_remittances, collect_remittances, tell_remittances):
        for _ in range(100):
            if not await sweep(office.worker.begin, limit=2):
                break


async def audit(office: Office) -> None:
    """Both audits of the books, and a replay of everything that was announced."""
    await office.assert_books_are_right()
    trust = TrustAudit(office.worker.begin)
    for _ in range(100):
        if not await trust.step():
            break
    verdict = await replay_books(office.worker.begin, await journal(office))
    assert verdict.differences == []


async def journal(office: Office) -> list[dict[str, Any]]:
    """What reporting would have: the announced events, and what negotiation itself was told of the case."""
    rows = await office.rows("SELECT event_id, topic, key, sequence, value FROM outbox ORDER BY id")
    entries = [
        {
            "type": row["topic"],
            "event_id": str(row["event_id"]),
            "key": str(row["key"]),
            "sequence": row["sequence"],
            "body": orjson.loads(row["value"]),
        }
        for row in rows
    ]
    for case in await office.rows("SELECT case_id, mandate FROM cases"):
        opening = await office.rows(
            "SELECT account, minor_units FROM postings JOIN ledger_entries USING (entry_id) "
            "WHERE ledger_entries.case_id = $1 AND kind = 'opening'",
            case["case_id"],
        )
        placed = {row["account"]: row["minor_units"] for row in opening}
        body = {
            "balance": {bucket: placed.get(bucket, 0) for bucket in ("fees", "interest", "principal")},
            "mandate": {"allocation_order": case["mandate"]["allocation_order"]},
        }
        event = {"type": "case.received", "event_id": str(UUID(int=case["case_id"].int >> 8)), "sequence": 1}
        entries.append({**event, "key": str(case["case_id"]), "body": body})
    return entries


async def test_a_remittance_from_the_first_payment_to_the_lenders_statement(office: Office) -> None:
    await agree_fees(office)
    first, second = await office.take_on(), await office.take_on()
    await receive(office, first, 10_000)
    taken_back = await receive(office, second, 20_000)
    await office.pay(second, 5_000, office.now.date())
    remittance_id = await begin(office)
    paid = await pay(office, remittance_id)
    totals = paid["totals"]
    assert (totals["lines"], totals["gross"], totals["direct"], totals["set_off"]) == (3, 30_000, 5_000, 0)
    # A fifth of everything but the fees of 15.00 on each case.
    assert totals["commission"] == (35_000 - 2 * 1_500) // 5
    told = await office.said(PaymentRemitted)
    assert {body.case_id: body.gross for body in told} == {first: 10_000, second: 20_000}
    await audit(office)

    await receive(office, second, 20_000, reverses=taken_back)
    await audit(office)
    again = await pay(office, await begin(office))
    assert (again["totals"]["set_off"], again["settlement"]["payable"]) == (20_000, 0)
    assert again["settlement"]["carried_out"] < 0
    await audit(office)


async def test_the_statement_is_the_same_as_csv_and_json_and_its_seal_can_be_checked(office: Office) -> None:
    await agree_fees(office)
    case_id = await office.take_on()
    for _ in range(5):
        await receive(office, case_id, 1_000)
    remittance_id = await begin(office)
    path = f"/v1/remittances/{remittance_id}/statement"
    as_json = (await office.api.get(path, headers=staff("theo"))).json()
    response = await office.api.get(f"{path}?format=csv", headers=staff("theo"))
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert response.headers["x-statement-hash"] == as_json["statement_hash"]
    assert [{k: str(line[k]) for k in rows[0]} for line in as_json["lines"]] == rows
    assert sum(line["net"] for line in as_json["lines"]) == as_json["settlement"]["payable"]
    assert seal_of(as_json) == as_json["statement_hash"]
    as_json["lines"][2]["net"] += 1
    assert seal_of(as_json) != as_json["statement_hash"]


def seal_of(statement: dict[str, Any]) -> str:
    """As docs/how-to/books.md says it."""
    chained = ""
    for line in statement["lines"]:
        chained = hashlib.sha256(chained.encode() + rfc8785.dumps(line)).hexdigest()
    names = "remittance_id creditor_id currency period_from period_to fee_version basis totals settlement"
    head = {name: statement[name] for name in names.split()}
    return hashlib.sha256(rfc8785.dumps({**head, "lines_hash": chained})).hexdigest()


async def test_maker_and_checker_are_two_people_also_for_the_database(office: Office) -> None:
    path = f"/v1/creditors/{HARBOUR_CREDIT}/fees"
    made = await post(office, path, "mira", FLAT)
    refused = await office.api.post(f"{path}/{made['version']}/approve", headers=staff("mira"))
    assert (refused.status_code, refused.json()["code"]) == (403, "maker_is_checker")
    with pytest.raises(asyncpg.CheckViolationError):
        await office.rows("UPDATE fee_schedules SET approved_by = made_by RETURNING 1")
    case_id = await office.take_on()
    await receive(office, case_id, 1_000)
    office.advance(days=1)
    wanted = {"creditor_id": str(HARBOUR_CREDIT), "currency": "USD", "period_to": "2026-03-01"}
    none = await office.api.post("/v1/remittances", json=wanted, headers=staff("mira"))
    assert (none.status_code, none.json()["code"]) == (409, "no_fee_schedule")


async def test_a_cancelled_remittance_settles_nothing_and_may_be_begun_again(office: Office) -> None:
    await agree_fees(office)
    case_id = await office.take_on()
    payments = [await receive(office, case_id, 1_000) for _ in range(5)]
    cancelled = await begin(office)
    await receive(office, case_id, 1_000, reverses=payments[0])
    stale = await office.api.post(f"/v1/remittances/{cancelled}/approve", headers=staff("theo"))
    assert (stale.status_code, stale.json()["code"]) == (409, "remittance_stale")
    await post(office, f"/v1/remittances/{cancelled}/cancel", "mira")
    await audit(office)
    await work_through(office)
    await audit(office)
    again = await pay(office, await begin(office))
    assert again["totals"]["gross"] == 4_000
    await audit(office)


async def test_a_refund_is_reserved_sent_or_put_back_and_each_once(office: Office) -> None:
    case_id = await office.take_on()
    payment_id = await receive(office, case_id, 130_000)  # 1,255.00 were owed
    async with office.worker.begin() as work:
        with pytest.raises(NothingToRefund):
            await reserve_refund(work, refund_id=uuid4(), case_id=case_id, payment_id=payment_id, amount=4_501)
    sent, kept = uuid4(), uuid4()
    for refund_id, amount in ((sent, 4_000), (kept, 500), (sent, 4_000)):
        async with office.worker.begin() as work:
            await reserve_refund(work, refund_id=refund_id, case_id=case_id, payment_id=payment_id, amount=amount)
            await work.commit()
    await audit(office)
    for _ in range(2):
        async with office.worker.begin() as work:
            await settle_refund(work, sent, sent_on=office.now.date())
            await cancel_refund(work, kept, on=office.now.date())
            await work.commit()
    async with office.worker.begin() as work:
        with pytest.raises(RefundEnded):
            await cancel_refund(work, sent, on=office.now.date())
    assert (await office.rows("SELECT overpaid_minor_units, refunded_minor_units FROM payments"))[0] == (500, 4_000)
    await audit(office)
    await receive(office, case_id, 130_000, reverses=payment_id)
    await audit(office)
    rows = await office.rows("SELECT sum(minor_units) AS m FROM postings WHERE account = 'claim'")
    assert rows[0]["m"] == 4_000


async def test_the_trust_account_is_compared_with_the_bank_day_by_day(office: Office) -> None:
    case_id = await office.take_on()
    await receive(office, case_id, 10_000)
    today = office.now.date()
    for closing in (12_500, 10_000):
        async with office.worker.begin() as work:
            await record_statement_balance(work, StatementBalance(uuid4(), "USD", today, closing, 2_000))
            await work.commit()
        reconciliation = TrustReconciliation(office.worker.begin)
        assert [await reconciliation.step() for _ in range(2)] == [1, 0]
        [day] = (await office.api.get("/v1/trust/USD", headers=staff("theo"))).json()["days"]
        found = {difference["reason"]: difference["minor_units"] for difference in day["differences"]}
        assert day["ledger_minor_units"] == 10_000
        assert found == ({"unmatched_on_statement": 2_000, "unexplained": 500} if closing == 12_500 else {})


async def test_an_agencys_book_that_differs_from_the_cases_stops_the_work(office: Office) -> None:
    case_id = await office.take_on()
    await receive(office, case_id, 10_000)
    await office.rows("UPDATE payments SET settled_principal_minor_units = 1 RETURNING 1")
    rows = await office.rows("SELECT 1 FROM payments WHERE settled_principal_minor_units = 1")
    assert rows == []  # the office's transactions are never committed
    async with office.databases.worker.transaction() as transaction:
        await (await transaction.driver()).execute("UPDATE payments SET settled_principal_minor_units = 1")
        await transaction.commit()
    with pytest.raises(BooksBroken):
        await TrustAudit(office.worker.begin).step()


async def test_lenders_see_their_own_remittances_and_nobody_elses(office: Office) -> None:
    await agree_fees(office)
    await receive(office, await office.take_on(), 10_000)
    await pay(office, await begin(office))
    async with office.databases.api.transaction(tenant=str(uuid4())) as transaction:
        driver = await transaction.driver()
        for table in ("remittances", "remittance_lines", "fee_schedules", "agency_entries", "agency_postings"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0
    async with office.databases.api.transaction(tenant=str(HARBOUR_CREDIT)) as transaction:
        driver = await transaction.driver()
        assert await driver.fetchval("SELECT count(*) FROM remittances") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute("DELETE FROM agency_entries")


async def test_a_lender_fetches_its_statements_once_they_are_paid_and_no_other_lenders(office: Office) -> None:
    await agree_fees(office)
    await receive(office, await office.take_on(), 10_000)
    state = office.transport.app.state  # type: ignore[attr-defined]  # a FastAPI app, typed as any ASGI app
    state.resources = replace(state.resources, lender_keys=Keys())
    remittance_id = await begin(office)
    path = f"/v1/lender/remittances/{remittance_id}/statement"
    assert (await office.api.get(path, headers=signed("harbour"))).status_code == 404  # drafted, not paid
    await pay(office, remittance_id)
    statement = (await office.api.get(path, headers=signed("harbour"))).json()
    assert seal_of(statement) == statement["statement_hash"]
    assert not [name for name in statement if name.endswith("_by")]
    listed = (await office.api.get("/v1/lender/remittances", headers=signed("harbour"))).json()["remittances"]
    assert [remittance["remittance_id"] for remittance in listed] == [remittance_id]
    assert (await office.api.get(path, headers=signed("rival"))).status_code == 404
    assert (await office.api.get("/v1/lender/remittances", headers=signed("rival"))).json() == {"remittances": []}
    assert (await office.api.get(path, headers=signed("stranger"))).status_code == 401
    assert (await office.api.get(path)).status_code == 401


class Keys:
    async def creditor_of(self, request: SignedRequest) -> UUID:
        if request.key_id == "stranger":
            raise Unidentified("signature_wrong", "the key id or the signature is wrong")
        return HARBOUR_CREDIT if request.key_id == "harbour" else UUID(int=7)


def signed(by: str) -> dict[str, str]:
    return {KEY_ID_HEADER: by, TIMESTAMP_HEADER: "1772440000", SIGNATURE_HEADER: "00"}


async def test_500_payments_on_6_cases_at_once_and_every_reversal_sent_twice(office: Office) -> None:
    """After Formance's ledger: exactly 500 succeed once, and the sum of everything is zero at the end."""
    case_ids = [await office.take_on() for _ in range(6)]
    sent = [payment(case_ids[n % 6], 100 + n, office.now.date()) for n in range(500)]
    receipts = [
        Receipt(p.payment_id, p.case_id, p.amount, "USD", p.received_on, "agency" if n % 2 else "creditor")
        for n, p in enumerate(sent)
    ]
    await all_at_once(office, receipts)
    counted = await office.rows("SELECT count(*) AS n, sum(amount_minor_units)::bigint AS m FROM payments")
    assert (counted[0]["n"], counted[0]["m"]) == (500, sum(r.amount for r in receipts))
    await audit(office)

    reversals = [Receipt(uuid4(), r.case_id, r.amount, "USD", r.received_on, r.paid_to, r.payment_id) for r in receipts]
    await all_at_once(office, [one for r in reversals for one in (r, r)])
    assert await office.rows("SELECT 1 FROM payments WHERE NOT is_reversed") == []
    kinds = Counter(row["kind"] for row in await office.rows("SELECT kind FROM ledger_entries"))
    assert (kinds["payment"], kinds["reversal"]) == (500, 500)
    kinds = Counter(row["kind"] for row in await office.rows("SELECT kind FROM agency_entries"))
    assert (kinds["payment"], kinds["reversal"]) == (250, 250)
    for table, account in (("postings", "trust"), ("postings", "received"), ("agency_postings", "trust")):
        rows = await office.rows(f"SELECT coalesce(sum(minor_units), 0) AS m FROM {table} WHERE account = '{account}'")
        assert rows[0]["m"] == 0
    assert (
        await office.rows(
            "SELECT 1 FROM cases WHERE fees_minor_units + interest_minor_units + "
            "principal_minor_units <> 125500 OR overpaid_minor_units <> 0"
        )
        == []
    )
    await audit(office)


async def all_at_once(office: Office, receipts: list[Receipt], *, hands: int = 8) -> None:
    """Each in a transaction of its own, eight at a time."""
    queue = list(receipts)

    async def hand() -> None:
        while queue:
            receipt = queue.pop()
            async with office.worker.begin() as work:
                await book_receipts(work, [(receipt, None)])
                await work.commit()

    await asyncio.gather(*(hand() for _ in range(hands)))
