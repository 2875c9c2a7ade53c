"""Money, broken plans and what follows: posting, reversal, the watch, the playbook, completion and clearance."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.negotiation.application.check_books import BooksAudit
from services.negotiation.application.detect_defaults import detect_defaults
from services.negotiation.application.open_cases import open_cases
from services.negotiation.domain.ledger import BooksBroken
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_updated import CaseUpdated
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_proposed import PlanProposed
from shared.events.terms import Balance
from tests.integration.negotiation.office import STAFF, Office, payment
from tests.integration.negotiation.test_agreement import hold
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received, event


async def test_a_payment_is_allocated_in_the_mandates_order(office: Office) -> None:
    case_id = await office.take_on()
    await office.pay(case_id, 6_000, office.now.date())
    [posted] = await office.said(PaymentPosted)
    assert posted.allocated == Balance(fees=1_500, interest=4_000, principal=500)
    assert posted.balance == Balance(fees=0, interest=0, principal=119_500)
    await office.assert_books_are_right()


async def test_a_payment_reported_by_two_events_is_posted_once(office: Office) -> None:
    case_id, payment_id = await office.take_on(), uuid4()
    await office.pay(case_id, 6_000, office.now.date(), payment_id=payment_id)
    await office.pay(case_id, 6_000, office.now.date(), payment_id=payment_id)
    assert len(await office.said(PaymentPosted)) == 1
    await office.assert_books_are_right()


async def test_a_payment_in_another_currency_is_bad_data(office: Office) -> None:
    case_id = await office.take_on()
    wrong = payment(case_id, 100, office.now.date()).model_copy(update={"currency": "CNY"})
    with pytest.raises(ValueError, match="currency"):
        await office.hear(wrong)


async def test_a_payment_before_its_case_waits_for_it(office: Office) -> None:
    received = case_received()
    early = await office.hear(payment(received.case_id, 5_500, office.now.date()))
    assert (early.handled, early.held) == (0, 1)
    await office.hear(received)
    [posted] = await office.said(PaymentPosted)
    assert posted.balance.total == 120_000


async def test_a_reversal_takes_a_payment_back_exactly(office: Office) -> None:
    case_id = await office.take_on()
    payment_id = await office.pay(case_id, 6_000, office.now.date())
    reversal = payment(case_id, 6_000, office.now.date(), reverses=payment_id)
    await office.hear(reversal, payment(case_id, 6_000, office.now.date(), reverses=payment_id))
    [reversed_] = await office.said(PaymentReversed)
    assert reversed_.balance == Balance(fees=1_500, interest=4_000, principal=120_000)
    assert reversed_.reversal_id == reversal.payment_id
    await office.assert_books_are_right()


async def test_a_reversal_before_its_payment_waits_for_it(office: Office) -> None:
    case_id, payment_id = await office.take_on(), uuid4()
    await office.hear(payment(case_id, 6_000, office.now.date(), reverses=payment_id))
    assert await office.said(PaymentReversed) == []
    await office.pay(case_id, 6_000, office.now.date(), payment_id=payment_id)
    assert len(await office.said(PaymentPosted)) == len(await office.said(PaymentReversed)) == 1
    assert (await office.see(case_id))["balance"]["total"] == 125_500
    await office.assert_books_are_right()


async def test_all_paid_without_a_plan_closes_the_case_with_a_clearance(office: Office) -> None:
    case_id = await office.take_on()
    payment_id = await office.pay(case_id, 126_000, office.now.date())
    [closed] = await office.said(CaseClosed)
    assert closed.reason == "paid_in_full"
    verified = await office.api.get(f"/v1/clearances/{closed.clearance_code}")
    assert (verified.status_code, verified.json()["status"]) == (200, "valid")
    assert (await office.see(case_id))["overpaid"] == 500
    await office.hear(payment(case_id, 126_000, office.now.date(), reverses=payment_id))
    assert (await office.api.get(f"/v1/clearances/{closed.clearance_code}")).json()["status"] == "withdrawn"
    assert len(await office.said(CaseClosed)) == 1
    assert (await office.api.get("/v1/clearances/invented")).status_code == 404


async def test_a_kept_settlement_waives_the_discount_and_closes(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "lump_sum")
    total, discount = plan["terms"]["total"], plan["terms"]["discount"]
    assert discount > 0
    payment_id = await office.pay(case_id, total + 70, office.now.date())
    [completed] = await office.said(PlanCompleted)
    assert (completed.paid, completed.waived) == (total + 70, discount)
    [closed] = await office.said(CaseClosed)
    assert closed.reason == "plan_completed"
    seen = await office.see(case_id)
    assert (seen["balance"]["total"], seen["overpaid"], seen["plan"]["status"]) == (0, 70, "completed")
    await office.assert_books_are_right()
    # The money is taken back: so is the discount, and the clearance does not hold any more.
    await office.hear(payment(case_id, total + 70, office.now.date(), reverses=payment_id))
    seen = await office.see(case_id)
    assert (seen["balance"]["total"], seen["overpaid"]) == (125_500, 0)
    assert (await office.api.get(f"/v1/clearances/{closed.clearance_code}")).json()["status"] == "withdrawn"
    await office.assert_books_are_right()


async def test_an_instalment_plan_is_kept_to_the_end(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "instalments")
    for instalment in plan["instalments"]:
        due_on = date.fromisoformat(instalment["due_on"])
        office.advance(days=(due_on - office.now.date()).days)
        await office.pay(case_id, instalment["amount"], due_on)
        assert await office.sweep() == 0
    assert [c.reason for c in await office.said(CaseClosed)] == ["plan_completed"]
    assert await office.said(DefaultDetected) == []
    await office.assert_books_are_right()


async def test_the_watch_waits_for_grace_and_zone_and_speaks_once(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "instalments")
    # Due on 16 March, three days of grace: over in New York on the 20th at 04:00 UTC.
    assert plan["instalments"][0]["due_on"] == "2026-03-16"
    office.advance(days=17, hours=12, minutes=59, seconds=59)
    assert await office.sweep() == 0
    office.advance(seconds=1)
    assert await office.sweep() == 1
    assert await office.sweep() == 0
    [missed] = await office.said(DefaultDetected)
    assert (missed.kind, missed.instalment_number, missed.paid, missed.defaults_on_case) == ("missed", 1, 0, 1)
    assert (await office.see(case_id))["plan"]["status"] == "defaulted"


async def test_the_second_instalment_breaks_a_plan_whose_first_was_kept(office: Office) -> None:
    case_id = await office.take_on()
    first, second, *_ = (await office.agree(case_id, "instalments"))["instalments"]
    await office.pay(case_id, first["amount"] + 700, date(2026, 3, 10))
    office.advance(days=60)
    assert await office.sweep() == 1
    [missed] = await office.said(DefaultDetected, case_id)
    assert (missed.instalment_number, missed.due, missed.paid) == (2, second["amount"], 700)


async def test_two_watches_at_once_speak_once_of_each_broken_plan(office: Office) -> None:
    cases = [await office.take_on() for _ in range(6)]
    for case_id in cases:
        await office.agree(case_id, "instalments")
    office.advance(days=20)
    watches = [detect_defaults(office.worker.begin, limit=2) for _ in range(4)]
    await asyncio.gather(*watches)
    while await office.sweep():
        continue
    assert sorted(d.case_id for d in await office.said(DefaultDetected)) == sorted(cases)


async def test_part_of_an_instalment_is_a_partial_default(office: Office) -> None:
    case_id = await broken_plan(office, paid_in_time=1_000)
    [partial] = await office.said(DefaultDetected, case_id)
    assert (partial.kind, partial.paid) == ("partial", 1_000)


async def test_late_money_does_not_heal_a_broken_plan(office: Office) -> None:
    case_id = await broken_plan(office)
    await office.pay(case_id, 30_000, date(2026, 3, 20))
    assert (await office.see(case_id))["plan"]["status"] == "defaulted"


async def test_late_money_recorded_before_the_sweep_is_late_all_the_same(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    office.advance(days=20)
    await office.pay(case_id, 30_000, date(2026, 3, 20))
    assert await office.sweep() == 1
    assert len(await office.said(DefaultDetected, case_id)) == 1


async def test_money_reported_late_but_received_in_time_heals_the_plan(office: Office) -> None:
    case_id = await broken_plan(office)
    await office.pay(case_id, 30_000, date(2026, 3, 19))
    first, resumed = await office.said(PlanAgreed, case_id)
    assert (resumed.plan_id, resumed.is_resumed, first.is_resumed) == (first.plan_id, True, False)
    assert (resumed.terms_hash, resumed.agreed_at) == (first.terms_hash, office.now)
    assert (await office.see(case_id))["plan"]["status"] == "active"
    assert await steps(office, case_id) == ["detected", "healed"]
    office.advance(days=60)
    assert await office.sweep() == 1, "the healed plan is watched again"
    assert [d.defaults_on_case for d in await office.said(DefaultDetected)] == [1, 1]


async def test_a_reversal_breaks_what_it_had_kept(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    payment_id = await office.pay(case_id, 30_000, office.now.date())
    office.advance(days=20)
    assert await office.sweep() == 0
    await office.hear(payment(case_id, 30_000, office.now.date(), reverses=payment_id))
    assert await office.sweep() == 1


async def test_the_playbook_runs_step_by_step_to_a_new_plan(office: Office) -> None:
    case_id = await broken_plan(office)
    await office.hear(hold(case_id, uuid4(), "default_playbook", office))
    await office.hear(case_assessed(case_id, trigger="default.detected", risk_grade="D", affordable_monthly=10_000))
    assert await steps(office, case_id) == ["detected", "hold_applied", "reassessed", "replanned"]
    proposed = (await office.said(PlanProposed, case_id))[-1]
    assert proposed.reasons[0] == "after_broken_plan"
    await office.agree(case_id, "instalments")
    assert (await steps(office, case_id))[-1] == "agreed_again"
    broken, agreed = await office.said(PlanAgreed, case_id)
    assert agreed.replaces_plan_id == broken.plan_id


async def test_an_ordinary_assessment_prepares_offers_and_puts_none(office: Office) -> None:
    case_id = await broken_plan(office)
    before = len(await office.said(PlanProposed))
    await office.hear(case_assessed(case_id, trigger="contact.attempted"))
    assert len(await office.said(PlanProposed)) == before
    assert await steps(office, case_id) == ["detected"]


async def test_an_offer_that_was_put_outlives_a_new_assessment(office: Office) -> None:
    case_id = await office.take_on()
    before = {o["offer_id"] for o in (await office.see(case_id))["offers"]}
    await office.hear(case_assessed(case_id, risk_grade="A", arrears_cause="illness", affordable_monthly=1_000_000))
    after = (await office.see(case_id))["offers"]
    assert before < {o["offer_id"] for o in after}
    assert after[0]["form"] == "pause", "relief comes before what stood already"
    assert after[0]["offer_id"] not in before
    assert len(after) <= 6


async def test_a_recall_ends_the_plan_and_the_case(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    await office.hear(CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=office.now))
    [closed] = await office.said(CaseClosed)
    assert (closed.reason, closed.clearance_code) == ("recalled", None)
    office.advance(days=60)
    assert await office.sweep() == 0
    await office.pay(case_id, 500, office.now.date())
    assert len(await office.said(PaymentPosted)) == 1
    assert len(await office.said(CaseClosed)) == 1


async def test_a_corrected_balance_is_booked_and_outdates_offers(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    await office.hear(updated(case_id, Balance(fees=0, interest=4_100, principal=120_000)))
    assert (await office.accept(case_id, offer)).json()["code"] == "offer_ended"
    assert (await office.see(case_id))["balance"]["total"] == 124_100
    await office.hear(updated(case_id, Balance(fees=0, interest=0, principal=0)))
    assert [c.reason for c in await office.said(CaseClosed)] == ["paid_in_full"]
    await office.assert_books_are_right()


async def test_a_plan_ends_when_the_creditor_says_that_nothing_is_owed(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    await office.hear(updated(case_id, Balance(fees=0, interest=0, principal=0)))
    assert [c.waived for c in await office.said(PlanCompleted)] == [0]
    assert [c.reason for c in await office.said(CaseClosed)] == ["plan_completed"]
    office.advance(days=60)
    assert await office.sweep() == 0


async def test_what_a_correction_adds_to_a_kept_settlement_stays_owed(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "lump_sum")
    await office.hear(updated(case_id, Balance(fees=1_500, interest=4_900, principal=120_000)))
    await office.pay(case_id, plan["terms"]["total"] + 100, office.now.date())
    seen = await office.see(case_id)
    assert (seen["plan"]["status"], seen["status"]) == ("completed", "open")
    assert (seen["balance"]["total"], seen["overpaid"]) == (800, 0), "900 were added, 100 paid more than agreed"
    await office.pay(case_id, 800, office.now.date())
    assert (await office.see(case_id))["status"] == "closed"
    await office.assert_books_are_right()


REPLIES: list[tuple[dict[str, Any], str, str]] = [
    ({"intent": "question"}, "instalments", "answers_your_question"),
    ({"intent": "promise", "promised_on": "2026-03-10", "promised": 20_000}, "instalments", "answers_your_promise"),
    ({"intent": "promise", "promised_on": "2026-03-10", "promised": 125_500}, "lump_sum", "answers_your_promise"),
    ({"intent": "promise"}, "instalments", "answers_your_promise"),
    ({"intent": "hardship", "arrears_cause": "illness"}, "hardship_pause", "answers_your_hardship"),
    ({"intent": "hardship"}, "instalments", "answers_your_hardship"),
    ({"intent": "cannot_pay", "arrears_cause": "job_loss"}, "hardship_pause", "answers_your_hardship"),
    ({"intent": "cannot_pay", "arrears_cause": "cash_flow_gap"}, "instalments", "answers_your_hardship"),
]


@pytest.mark.parametrize(("reply", "kind", "reason"), REPLIES)
async def test_a_reply_is_answered_with_an_offer_that_fits(
    office: Office, reply: dict[str, Any], kind: str, reason: str
) -> None:
    case_id = await office.take_on()
    await office.hear(replied(case_id, office, **reply))
    [proposed] = await office.said(PlanProposed)
    assert (proposed.terms.kind, proposed.reasons[0]) == (kind, reason)
    if reply.get("promised_on"):
        assert proposed.terms.instalments[0].due_on == reply["promised_on"]
    await office.hear(replied(case_id, office, **reply))
    assert len(await office.said(PlanProposed)) == 1, "the same answer is not given twice"


@pytest.mark.parametrize("intent", ["stop", "dispute", "complaint", "wrong_person", "already_paid", "other"])
async def test_other_replies_get_no_offer(office: Office, intent: str) -> None:
    case_id = await office.take_on()
    await office.hear(replied(case_id, office, intent=intent))
    assert await office.said(PlanProposed) == []


async def test_a_disputed_debt_gets_no_offer(office: Office) -> None:
    case_id = await office.take_on()
    await office.hear(hold(case_id, uuid4(), "dispute", office), replied(case_id, office, intent="question"))
    assert await office.said(PlanProposed) == []


async def test_an_erased_person_is_forgotten_and_the_books_stay(office: Office) -> None:
    case_id = await office.take_on()
    await office.see(case_id)
    later = case_received()
    erased = PersonErased(
        person_id=uuid4(), creditor_id=HARBOUR_CREDIT, case_ids=(case_id, later.case_id), erased_at=office.now
    )
    await office.hear(erased)
    await office.hear(later)
    rows = await office.rows("SELECT is_erased, time_zones FROM cases")
    assert [(r["is_erased"], r["time_zones"]) for r in rows] == [(True, []), (True, [])]
    assert (await office.api.get("/v1/borrower/case", headers=await office.enter(case_id))).status_code == 401
    assert (await office.api.get(f"/b/{office.token(case_id)}")).status_code == 404
    await office.pay(case_id, 500, office.now.date())
    await office.assert_books_are_right()


async def test_an_erasure_and_an_arrival_at_once_do_not_miss_each_other(office: Office) -> None:
    received = case_received()
    erased = PersonErased(
        person_id=received.person_id, creditor_id=HARBOUR_CREDIT, case_ids=(received.case_id,), erased_at=office.now
    )
    async with office.worker.begin() as arrival:
        await open_cases(arrival, [cast("Event[CaseReceived]", event(received))])
        erasure = asyncio.create_task(office.hear(erased))
        blocked = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'erased_cases'::regclass"
        for _ in range(2_000):
            if await office.rows(blocked):
                break
        else:
            raise AssertionError("the erasure does not wait for the arrival")
        await arrival.commit()
    await erasure
    assert [row["is_erased"] for row in await office.rows("SELECT is_erased FROM cases")] == [True]


async def test_the_books_are_append_only_and_balanced_by_the_database(office: Office) -> None:
    case_id = await office.take_on()
    for statement in ("UPDATE postings SET minor_units = 1", "DELETE FROM ledger_entries"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await office.rows(statement)
    entry = (await office.rows("SELECT * FROM ledger_entries WHERE case_id = $1", case_id))[0]
    insert = "INSERT INTO postings VALUES ($1, 'waived', $2, $3, $4, $5)"
    with pytest.raises(asyncpg.CheckViolationError):
        await office.rows(insert, entry["entry_id"], case_id, HARBOUR_CREDIT, "USD", 1)
    with pytest.raises(asyncpg.CheckViolationError):
        await office.rows(insert, entry["entry_id"], case_id, HARBOUR_CREDIT, "CNY", 0)


async def test_the_audit_ends_the_process_where_books_do_not_add_up(office: Office) -> None:
    await office.take_on()
    audit = BooksAudit(office.worker.begin)
    assert await audit.step() == 0
    async with office.databases.worker.transaction() as transaction:
        driver = await transaction.driver()
        await driver.execute("UPDATE cases SET principal_minor_units = principal_minor_units + 1")
        await transaction.commit()
    with pytest.raises(BooksBroken):
        await audit.step()


async def test_staff_see_the_ledger_and_others_do_not(office: Office) -> None:
    case_id = await office.take_on()
    await office.pay(case_id, 6_000, office.now.date())
    url = f"/v1/cases/{case_id}/ledger"
    assert (await office.api.get(url)).status_code == 401
    assert (await office.api.get(url, headers={"Authorization": "Bearer wrong"})).status_code == 401
    ledger = (await office.api.get(url, headers=STAFF)).json()
    assert ledger["is_balanced"]
    assert [entry["kind"] for entry in ledger["entries"]] == ["opening", "payment"]
    assert all(sum(p["minor_units"] for p in e["postings"]) == 0 for e in ledger["entries"])
    assert (await office.api.get(f"/v1/cases/{uuid4()}/ledger", headers=STAFF)).status_code == 404
    assert (await office.api.get(f"/v1/cases/{case_id}/plan", headers=STAFF)).status_code == 404


async def test_tables_of_tenants_are_walled_and_the_api_sees_one_case(office: Office) -> None:
    mine, other = await office.take_on(), await office.take_on()
    async with office.databases.api.transaction() as transaction:
        driver = await transaction.driver()
        assert await driver.fetch("SELECT * FROM cases") == []
        await driver.execute("SELECT set_config('app.case', $1, true)", str(mine))
        assert [row["case_id"] for row in await driver.fetch("SELECT * FROM cases")] == [mine]
        changed = await driver.execute("UPDATE cases SET rounds = 9 WHERE case_id = $1", other)
        assert changed == "UPDATE 0"
    unwalled = await office.rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE a.attname = 'creditor_id' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    assert unwalled == []


async def broken_plan(office: Office, *, paid_in_time: int = 0) -> UUID:
    """A case whose instalment of 16 March was missed, wholly or in part; it is 22 March."""
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    if paid_in_time:
        await office.pay(case_id, paid_in_time, office.now.date())
    office.advance(days=20)
    assert await office.sweep() == 1
    return case_id


async def steps(office: Office, case_id: UUID) -> list[str]:
    answer = await office.api.get(f"/v1/cases/{case_id}/playbook", headers=STAFF)
    return [step["step"] for step in answer.json()["steps"]]


def updated(case_id: UUID, balance: Balance) -> CaseUpdated:
    return CaseUpdated(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        balance=balance,
        days_past_due=None,
        contact_points=None,
        mandate=None,
    )


def replied(case_id: UUID, office: Office, **changes: Any) -> BorrowerReplied:
    return BorrowerReplied.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "reply_id": uuid4(),
            "attempt_id": None,
            "channel": "email",
            "classified_by": "words.v1",
            "promised_on": None,
            "promised": None,
            "arrears_cause": None,
            "received_at": office.now - timedelta(minutes=1),
            **changes,
        }
    )
