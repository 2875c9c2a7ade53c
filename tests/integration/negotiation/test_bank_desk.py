"""The agency's bank account: statements taken once, certain matches booked, everything else waits for a person."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.negotiation.application.book_decisions import forget_payers_words
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.kernel.identifiers import new_id
from tests.integration.negotiation.cashier import MEI, OMAR, Cashier
from tests.support.events import case_received
from tests.unit.negotiation.bank_files import MONDAY, File, Line, camt, mt940

OWED = 125_500
SMALL, LARGE = 20_000, 100_000


async def rent(cashier: Cashier, amount: int = SMALL, **line: Any) -> tuple[UUID, Line]:
    """A borrower, and the transfer they make with the reference that they were shown."""
    case_id = await cashier.office.take_on()
    return case_id, Line(amount, uuid4().hex[:12], await cashier.reference(case_id), **line)


@pytest.mark.parametrize("write", [camt, mt940])
async def test_a_transfer_with_our_reference_is_booked_by_itself(cashier: Cashier, write: Any) -> None:
    case_id, line = await rent(cashier, on=MONDAY - timedelta(days=3))
    begun = await cashier.begun(case_id, SMALL, method="bank_transfer")
    response = await cashier.upload(write(File((line,), on=MONDAY)))
    assert response.status_code == 200, response.text
    assert await cashier.balance(case_id) == OWED - SMALL
    [posted] = await cashier.office.said(PaymentPosted, case_id)
    assert (posted.paid_to, posted.received_on) == ("agency", MONDAY - timedelta(days=3))
    assert (await cashier.payment(case_id, begun["payment_id"]))["state"] == "paid"
    assert await cashier.book() == {"bank": SMALL, "cases": -SMALL}
    assert await cashier.queue() == []


async def test_a_statement_or_an_entry_that_comes_again_brings_nothing_new(cashier: Cashier) -> None:
    case_id, line = await rent(cashier)
    first = (await cashier.upload(camt(File((line,))))).json()["statements"][0]
    again = (await cashier.upload(camt(File((line,))))).json()["statements"][0]
    assert (again["is_known"], again["statement_id"]) == (True, first["statement_id"])
    other = Line(7, uuid4().hex[:12])
    overlap = (await cashier.upload(camt(File((other, line), number="2"), version="02"))).json()["statements"][0]
    assert [e["result"] for e in overlap["entries"]] == ["taken", "known"]
    assert await cashier.balance(case_id) == OWED - SMALL
    changed = await cashier.upload(camt(File((replace(line, amount=1),))))
    assert (changed.status_code, changed.json()["code"]) == (409, "statement_differs")


async def test_a_statement_that_does_not_add_up_is_refused_whole(cashier: Cashier) -> None:
    _, line = await rent(cashier)
    refused = await cashier.upload(camt(File((line,)), File((line,), number="2", closing_error=5)))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "does_not_add_up")
    assert await cashier.office.rows("SELECT 1 FROM bank_statements") == []


async def test_a_statement_of_an_account_that_is_not_ours_is_refused(cashier: Cashier) -> None:
    _, line = await rent(cashier)
    refused = await cashier.upload(camt(File((line,), account="DE75512108001245126199")))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "account_unknown")


async def test_what_payers_wrote_is_nowhere_in_clear(cashier: Cashier) -> None:
    _, line = await rent(cashier)
    await cashier.upload(camt(File((replace(line, text=f"{line.text} from Ada Invented"),))))
    stored = str(
        [
            dict(row)
            for table in ("bank_entries", "bank_statements", "bank_allocations", "outbox")
            for row in await cashier.office.rows(f"SELECT * FROM {table}")
        ]
    )
    assert "Invented" not in stored
    assert line.account not in stored


async def test_money_nobody_can_match_waits_in_suspense_until_somebody_says_whose_it_is(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    await cashier.upload(camt(File((Line(SMALL, "B1", "thank you"),))))
    assert await cashier.book() == {"bank": SMALL, "suspense": -SMALL}
    [entry] = await cashier.queue()
    assert (entry["why"], entry["proposals"]) == ("no_reference", [])
    seen = await cashier.office.api.get(f"/v1/unmatched/{entry['entry_id']}", headers=MEI)
    assert seen.json()["words"]["text"] == "thank you"
    key = uuid4().hex
    for _ in range(2):
        response = await cashier.post(
            f"/unmatched/{entry['entry_id']}/assign", MEI, key=key, case_id=str(case_id), reason="telephoned"
        )
        assert response.status_code == 200, response.text
    assert await cashier.balance(case_id) == OWED - SMALL
    assert await cashier.book() == {"bank": SMALL, "cases": -SMALL}
    again = await cashier.post(f"/unmatched/{entry['entry_id']}/assign", MEI, case_id=str(case_id), reason="again")
    assert again.status_code == 409


async def test_from_the_threshold_on_a_second_person_agrees(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    await cashier.upload(camt(File((Line(LARGE, "B1"), Line(LARGE - 1, "B2")))))
    large, small = sorted(await cashier.queue(), key=lambda e: -e["amount"])
    for entry in (large, small):
        await cashier.post(
            f"/unmatched/{entry['entry_id']}/assign", MEI, case_id=str(case_id), amount=1_000, reason="telephoned"
        )
    assert await cashier.balance(case_id) == OWED - 1_000
    [entry] = [e for e in await cashier.queue() if e["entry_id"] == large["entry_id"]]
    path = f"/unmatched/{entry['entry_id']}/allocations/{entry['allocations'][0]['allocation_id']}/decision"
    assert (await cashier.post(path, MEI, agree=True)).status_code == 403
    assert (await cashier.post(path, OMAR, agree=True)).status_code == 200
    assert (await cashier.post(path, OMAR, agree=True)).status_code == 409
    assert await cashier.balance(case_id) == OWED - 2_000


async def test_several_debts_in_one_text_are_split_by_a_person(cashier: Cashier) -> None:
    one, line = await rent(cashier)
    two = await cashier.office.take_on()
    both = replace(line, text=f"{line.text} and {await cashier.reference(two)}")
    await cashier.upload(camt(File((both,))))
    [entry] = await cashier.queue()
    assert entry["why"] == "several_debts"
    assert set(entry["proposals"]) == {str(one), str(two)}
    path = f"/unmatched/{entry['entry_id']}/split"
    parts = [{"case_id": str(one), "amount": 15_000}, {"case_id": str(two), "amount": 5_001}]
    assert (await cashier.post(path, MEI, parts=parts, reason="as written")).status_code == 422
    parts[1]["amount"] = 5_000
    assert (await cashier.post(path, MEI, parts=parts, reason="as written")).status_code == 200
    assert (await cashier.balance(one), await cashier.balance(two)) == (OWED - 15_000, OWED - 5_000)
    assert await cashier.queue() == []


async def test_several_debts_of_one_person_come_with_a_split_that_staff_decide_about(cashier: Cashier) -> None:
    office, person_id = cashier.office, new_id()
    cheap, dear, unnamed = [
        case_received(principal=principal).model_copy(update={"person_id": person_id, "annual_rate": rate})
        for principal, rate in ((94_500, 500), (4_500, 2_400), (94_500, 9_900))
    ]
    await office.hear(cheap, dear, unnamed)
    stranger = await office.take_on()
    named = " ".join([await cashier.reference(case.case_id) for case in (cheap, dear)])
    lines = (Line(15_000, "B1", named), Line(999, "B2", f"{named} {await cashier.reference(stranger)}"))
    await cashier.upload(camt(File(lines)))
    mixed, entry = sorted(await cashier.queue(), key=lambda e: int(e["amount"]))
    path = f"/unmatched/{entry['entry_id']}"
    split = (await office.api.get(f"/v1{path}", headers=MEI)).json()["proposed_split"]
    assert split["parts"] == [
        {"case_id": str(dear.case_id), "amount": 10_000},
        {"case_id": str(cheap.case_id), "amount": 5_000},
    ]
    assert (split["rule"], split["left"], len(split["named"])) == ("civil_code_560", 0, 2)
    assert await cashier.balance(dear.case_id) == 10_000, "nothing is booked by a proposal"
    of_strangers = await office.api.get(f"/v1/unmatched/{mixed['entry_id']}", headers=MEI)
    assert of_strangers.json()["proposed_split"] is None, "debts of different people"
    assert (await cashier.post(f"{path}/split", MEI, parts=split["parts"], reason="as proposed")).status_code == 200
    assert (await cashier.balance(dear.case_id), await cashier.balance(cheap.case_id)) == (0, 95_000)
    assert (await office.api.get(f"/v1{path}", headers=MEI)).json()["proposed_split"] is None, "decided"


async def test_the_amount_of_a_due_instalment_is_proposed_and_never_booked_by_itself(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    plan = await cashier.office.agree(case_id, "instalments")
    first = plan["instalments"][0]
    due = date.fromisoformat(first["due_on"])
    cashier.office.advance(days=(due - MONDAY).days)
    await cashier.upload(camt(File((Line(first["amount"], "B1", on=due),), on=due)))
    [entry] = await cashier.queue()
    assert entry["proposals"] == [str(case_id)]
    assert await cashier.balance(case_id) == OWED


async def test_money_goes_back_to_its_sender_and_both_lines_are_explained(cashier: Cashier) -> None:
    await cashier.upload(camt(File((Line(LARGE, "B1", "wrong account"),))))
    [entry] = await cashier.queue()
    path = f"/unmatched/{entry['entry_id']}"
    assert (await cashier.post(f"{path}/return", MEI, reason="not ours")).json()["state"] == "waiting_check"
    assert (await cashier.post(f"{path}/decision", MEI, agree=True)).status_code == 403
    assert (await cashier.post(f"{path}/decision", OMAR, agree=True)).json()["state"] == "returning"
    drawn = await cashier.post("/transfer-files", MEI, key="one")
    assert (await cashier.post("/transfer-files", MEI, key="one")).json() == drawn.json()
    file = await cashier.office.api.get(f"/v1/transfer-files/{drawn.json()['file_id']}", headers=MEI)
    transfer_id = UUID(entry["entry_id"]).hex
    assert transfer_id in file.text
    assert "Ada Invented" in file.text
    nothing = await cashier.post("/transfer-files", MEI, key="two")
    assert (
        await cashier.office.api.get(f"/v1/transfer-files/{nothing.json()['file_id']}", headers=MEI)
    ).status_code == 404
    await cashier.upload(mt940(File((Line(LARGE, "B2", f"EREF+{transfer_id}", "DBIT"),), number="2")))
    assert await cashier.queue() == []
    assert await cashier.book() == {}


async def test_a_reversed_transfer_is_taken_back_in_whatever_order_it_comes(cashier: Cashier) -> None:
    for is_late in (False, True):
        case_id, line = await rent(cashier, end_to_end=uuid4().hex[:10])
        back = replace(line, direction="DBIT", is_reversal=True, text="", reference=uuid4().hex[:12])
        files = [camt(File((line,), number=uuid4().hex[:5])), camt(File((back,), number=uuid4().hex[:5]))]
        for raw in reversed(files) if is_late else files:
            assert (await cashier.upload(raw)).status_code == 200
        assert await cashier.balance(case_id) == OWED
        assert len(await cashier.office.said(PaymentReversed, case_id)) == 1
    assert await cashier.queue() == []
    assert await cashier.book() == {}


async def test_what_the_provider_pays_out_is_not_booked_twice(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment_id = await cashier.pay(case_id, SMALL)
    await cashier.upload(camt(File((Line(SMALL, "B1", f"payout {payment_id}"),))))
    assert await cashier.balance(case_id) == OWED - SMALL
    assert await cashier.book() == {"bank": SMALL, "cases": -SMALL}
    fee = Line(300, "B9", "account fee", "DBIT")
    await cashier.upload(camt(File((fee,), number="2")))
    [entry] = await cashier.queue()
    assert (
        await cashier.post(f"/unmatched/{entry['entry_id']}/close", MEI, purpose="bank_charge", reason="fee")
    ).status_code == 200
    assert await cashier.book() == {"bank": SMALL - 300, "cases": -SMALL, "own": 300}


@pytest.mark.parametrize("seed", [1, 5, 11])
async def test_any_order_cut_and_repetition_of_files_and_notices_leads_to_the_same_books(
    cashier: Cashier, seed: int
) -> None:
    chance = random.Random(seed)
    books = []
    for attempt in range(4):
        case_id, line = await rent(cashier, end_to_end=uuid4().hex[:10])
        lines = [
            line,
            replace(line, amount=1_234, reference=uuid4().hex[:12], end_to_end=uuid4().hex[:10]),
            replace(line, direction="DBIT", is_reversal=True, text="", reference=uuid4().hex[:12]),
        ]
        payments = [await cashier.begun(case_id, amount) for amount in (30_000, 40_000)]
        acts: list[Any] = [("file", (one,)) for one in lines] if attempt % 2 else [("file", tuple(lines))]
        acts += [("pay", payments[0]), ("back", payments[1])]
        acts = acts * (1 + attempt % 3)
        chance.shuffle(acts)
        for kind, what in acts:
            if kind == "file":
                await cashier.upload(camt(File(what, number=uuid4().hex[:6])), is_matched=chance.random() < 0.7)
            else:
                await cashier.press(what, code="twice" if kind == "pay" else "reordered")
                if chance.random() < 0.5:
                    await cashier.settle()
        await cashier.settle()
        await cashier.match()
        books.append(await cashier.balance(case_id))
    assert books == [OWED - 1_234 - 30_000] * 4
    assert await cashier.queue() == []
    assert await cashier.book() == {
        "bank": 4 * 1_234,
        "in_transit": 4 * 30_000,
        "cases": -4 * 31_234,
    }
    await cashier.office.assert_books_are_right()


async def test_what_payers_wrote_is_forgotten_in_time_and_the_desk_is_for_staff(cashier: Cashier) -> None:
    _, line = await rent(cashier)
    await cashier.upload(camt(File((line,))))
    cashier.office.advance(days=90)
    assert await forget_payers_words(cashier.office.worker.begin) == 0
    cashier.office.advance(days=1)
    assert await forget_payers_words(cashier.office.worker.begin) == 1
    assert (await cashier.office.api.get("/v1/unmatched")).status_code == 401
    assert (await cashier.office.api.post("/v1/bank-statements", content=b"x")).status_code == 401
