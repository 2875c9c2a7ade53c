"""Agreements with evidence and a sealed copy, withdrawal, certificates, and the check that anybody may make."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, timedelta
from io import BytesIO
from time import process_time
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pypdf
import pytest

from services.negotiation.application.agree_plan import accept_offer
from services.negotiation.application.agreement_ports import Acceptance, PaperNotMade, Sealed, Sheet
from services.negotiation.application.prepare_agreement import prepare_for_offer
from services.negotiation.domain.refusals import TermsChanged
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_proposed import PlanProposed
from shared.events.plan_withdrawn import PlanWithdrawn
from tests.integration.negotiation.office import STAFF, Office, payment
from tests.support.events import HARBOUR_CREDIT

PAY_DAY = date(2026, 3, 3)


async def get(office: Office, case_id: UUID, path: str) -> httpx.Response:
    return await office.api.get(f"/v1/borrower/{path}", headers=await office.enter(case_id))


async def withdraw(office: Office, case_id: UUID, plan_id: str, **body: str) -> httpx.Response:
    return await office.api.post(
        f"/v1/borrower/plans/{plan_id}/withdraw",
        json=body,
        headers={"Idempotency-Key": uuid4().hex, **await office.enter(case_id)},
    )


async def check(office: Office, code: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await office.api.get(f"/v1/genuine/{code}")).json()
    return answer


async def first_offer(office: Office, case_id: UUID) -> dict[str, Any]:
    offer: dict[str, Any] = (await office.see(case_id))["offers"][0]
    return offer


async def test_an_agreement_comes_with_a_sealed_copy_whose_hash_is_in_the_event(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    [agreed] = await office.said(PlanAgreed)
    [document] = (await get(office, case_id, "documents")).json()["documents"]
    file = await get(office, case_id, f"documents/{document['document_id']}")
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["cache-control"] == "no-store"
    assert hashlib.sha256(file.content).hexdigest() == agreed.document_hash == document["content_hash"]
    assert agreed.genuineness_code == document["code"].lower()
    assert agreed.cooling_off_until is not None
    assert agreed.cooling_off_until > office.now + timedelta(days=7)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(file.content)).pages)
    assert "Harbour Credit" in text
    assert "Ada" not in text, "no personal data at rest here"


async def test_the_text_that_was_shown_is_the_text_that_is_accepted(office: Office) -> None:
    case_id = await office.take_on()
    offer = await first_offer(office, case_id)
    shown = (await get(office, case_id, f"offers/{offer['offer_id']}/agreement?lang=zh")).json()
    assert shown["terms_hash"] == offer["terms_hash"]
    headers = {"Idempotency-Key": "k1", **await office.enter(case_id)}
    body = {"terms_hash": offer["terms_hash"], "text_hash": "0" * 64, "language": "zh"}
    url = f"/v1/borrower/offers/{offer['offer_id']}/accept"
    refused = await office.api.post(url, json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "terms_changed")
    agreed = await office.api.post(url, json={**body, "text_hash": shown["text_hash"]}, headers=headers)
    assert agreed.status_code == 200, agreed.text
    record = await _evidence(office, case_id)
    assert record["was_text_shown"]
    assert record["text_hash"] == shown["text_hash"]
    assert record["language"] == "zh"
    assert record["how"] == "api"
    assert len(record["network_hash"]) == 64
    assert "k1" not in record["idempotency_hash"]


async def test_an_accepted_counter_offer_has_evidence_and_a_copy_as_well(office: Office) -> None:
    case_id = await office.take_on()
    answer = (await office.counter(case_id, kind="lump_sum", lump_sum_minor_units=125_500)).json()
    assert answer["answer"] == "accepted"
    record = await _evidence(office, case_id)
    assert record["how"] == "own_proposal"
    assert record["offer_id"] is None
    [document] = (await get(office, case_id, "documents")).json()["documents"]
    assert document["plan_id"] == answer["plan"]["plan_id"] == record["plan_id"]


async def test_accepting_twice_and_in_parallel_keeps_one_copy(office: Office) -> None:
    case_id = await office.take_on()
    offer = await first_offer(office, case_id)
    await office.enter(case_id)
    answers = await asyncio.gather(*(office.accept(case_id, offer) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await office.rows("SELECT FROM documents")) == len(await office.rows("SELECT FROM acceptances")) == 1
    assert len(await office.rows("SELECT FROM issued_codes")) == 1


async def test_a_crash_between_rendering_and_commit_leaves_nothing(office: Office) -> None:
    case_id = await office.take_on()
    offer = await first_offer(office, case_id)
    prepared = await prepare_for_offer(office.worker, case_id, UUID(offer["offer_id"]), Acceptance())
    assert prepared is not None
    async with office.worker.begin(case_id) as work:
        await accept_offer(work, case_id, UUID(offer["offer_id"]), offer["terms_hash"], prepared)
    for table in ("documents", "acceptances", "issued_codes", "plans"):
        assert await office.rows(f"SELECT FROM {table}") == [], table
    assert (await office.accept(case_id, offer)).status_code == 200
    assert len(await office.rows("SELECT FROM documents")) == 1


async def test_a_copy_of_another_balance_is_not_agreed_to(office: Office) -> None:
    case_id = await office.take_on()
    offer = await first_offer(office, case_id)
    prepared = await prepare_for_offer(office.worker, case_id, UUID(offer["offer_id"]), Acceptance())
    other = await office.take_on()
    theirs = await first_offer(office, other)
    with pytest.raises(TermsChanged):
        async with office.worker.begin(other) as work:
            await accept_offer(work, other, UUID(theirs["offer_id"]), theirs["terms_hash"], prepared)


async def test_a_copy_that_the_press_could_not_make_is_made_when_it_is_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await office.take_on()
    offer = await first_offer(office, case_id)

    async def broken(self: Any, sheet: Sheet) -> Sealed:
        raise PaperNotMade("jam")

    with monkeypatch.context() as patched:
        patched.setattr("services.negotiation.adapters.documents.papers.AgencyPapers.make", broken)
        assert (await office.accept(case_id, offer)).status_code == 200
        assert (await get(office, case_id, "documents")).json() == {"documents": []}
    [agreed] = await office.said(PlanAgreed)
    assert agreed.document_hash is None
    office.advance(hours=5)
    lists = await asyncio.gather(*(get(office, case_id, "documents") for _ in range(3)))
    [code] = {entry["code"] for one in lists for entry in one.json()["documents"]}
    assert (await check(office, code))["answer"] == "genuine"
    assert len(await office.rows("SELECT FROM documents")) == 1


async def test_a_debt_too_old_to_be_sued_on_says_so_before_it_is_agreed_and_on_a_copy_made_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, old = await office.take_on(), await office.take_on()
    offer = await first_offer(office, fresh)
    shown = (await get(office, fresh, f"offers/{offer['offer_id']}/agreement")).json()
    assert "time_barred" not in [clause["code"] for clause in shown["clauses"]]
    office.advance(days=3 * 365)  # New York: three years, and nothing starts them anew
    offer = await first_offer(office, old)
    shown = (await get(office, old, f"offers/{offer['offer_id']}/agreement")).json()
    assert shown["clauses"][0]["code"] == "time_barred"

    async def broken(self: Any, sheet: Sheet) -> Sealed:
        raise PaperNotMade("jam")

    with monkeypatch.context() as patched:
        patched.setattr("services.negotiation.adapters.documents.papers.AgencyPapers.make", broken)
        assert (await office.accept(old, offer)).status_code == 200
    assert (await _evidence(office, old))["text_hash"] == shown["text_hash"]
    [document] = (await get(office, old, "documents")).json()["documents"]
    file = await get(office, old, f"documents/{document['document_id']}")
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(file.content)).pages)
    assert "This is an old debt" in words
    assert shown["text_hash"][:16] in words.replace("\n", "")


async def test_evidence_and_documents_are_never_changed(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    for change in ("UPDATE documents SET code = 'x'", "DELETE FROM acceptances", "UPDATE issued_codes SET kind = 'x'"):
        with pytest.raises(asyncpg.PostgresError):
            await office.rows(change)


async def test_nobody_sees_the_documents_of_another_case(office: Office) -> None:
    mine, other = await office.take_on(), await office.take_on()
    await office.agree(mine, "instalments")
    [document] = (await get(office, mine, "documents")).json()["documents"]
    assert (await get(office, other, "documents")).json() == {"documents": []}
    assert (await get(office, other, f"documents/{document['document_id']}")).status_code == 404
    assert (await office.api.get(f"/v1/cases/{mine}/documents")).status_code == 401
    assert (await office.api.get(f"/v1/cases/{mine}/documents", headers=STAFF)).json()["documents"] == [document]


async def test_a_code_is_checked_by_anybody_and_a_forged_one_is_not_ours(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    [row] = await office.rows("SELECT code, token, content_hash FROM documents")
    for typed in (row["code"], row["code"].lower().replace("-", " "), row["token"]):
        found = await check(office, typed)
        assert found["answer"] == "genuine"
        assert found["kind"] == "agreement"
        assert found["content_hash"] == row["content_hash"]
        assert str(case_id) not in str(found)
    flipped = ("2" if row["token"][80] != "2" else "3").join((row["token"][:80], row["token"][81:]))
    assert (await check(office, flipped))["answer"] == "forged"
    assert (await check(office, "6CWE-2983-R7GQ-YD9P"))["answer"] in ("unknown_code", "not_readable")
    assert (await check(office, "nonsense"))["answer"] == "not_readable"
    page = await office.api.get("/genuine", params={"code": row["token"], "lang": "zh"})
    assert "未被撤销" in page.text
    assert row["content_hash"] in page.text
    assert "script" not in page.text
    keys = (await office.api.get("/.well-known/concord-keys.json")).json()
    assert keys["algorithm"] == "Ed25519"
    assert b"BEGIN CERTIFICATE" in (await office.api.get("/.well-known/concord-seal.pem")).content


async def test_a_borrower_withdraws_inside_the_cooling_off_and_starts_anew(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "instalments")
    await office.pay(case_id, 5_000, PAY_DAY)
    first = await withdraw(office, case_id, plan["plan_id"], refund="asked")
    again = await withdraw(office, case_id, plan["plan_id"], refund="not_asked")
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert first.json()["paid"] == 5_000
    [said] = await office.said(PlanWithdrawn)
    assert said.is_refund_asked
    seen = await office.see(case_id)
    assert seen["plan"]["status"] == "cancelled"
    assert seen["balance"]["total"] == 120_500, "money stays booked"
    assert seen["offers"], "offers are made anew"
    assert await office.rows("SELECT FROM instalments WHERE is_watched") == []
    [document] = (await get(office, case_id, "documents")).json()["documents"]
    assert (await check(office, document["code"]))["answer"] == "withdrawn"
    asked = (await office.api.get("/v1/withdrawals/refunds", headers=STAFF)).json()["withdrawals"]
    assert [entry["case_id"] for entry in asked] == [str(case_id)]
    assert (await office.accept(case_id, seen["offers"][0])).status_code == 200
    assert len(await office.said(PlanProposed, case_id)) >= 3
    await office.assert_books_are_right()


async def test_withdrawing_is_possible_to_the_last_second_and_not_after_it(office: Office) -> None:
    in_time, late = await office.take_on(), await office.take_on()
    plans = [await office.agree(case_id, "instalments") for case_id in (in_time, late)]
    until = (await office.said(PlanAgreed))[0].cooling_off_until
    assert until is not None
    office.advance(seconds=(until - office.now).total_seconds() - 1)
    office.entered.clear()
    assert (await withdraw(office, in_time, plans[0]["plan_id"])).status_code == 200
    office.advance(seconds=1)
    refused = await withdraw(office, late, plans[1]["plan_id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "too_late_to_withdraw")
    assert len(await office.said(PlanWithdrawn)) == 1


async def test_only_the_running_plan_of_ones_own_case_is_withdrawn_from(office: Office) -> None:
    mine, other = await office.take_on(), await office.take_on()
    plan = await office.agree(mine, "lump_sum")
    assert (await withdraw(office, other, plan["plan_id"])).status_code == 404
    await office.pay(mine, plan["terms"]["total"], PAY_DAY)
    refused = await withdraw(office, mine, plan["plan_id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_not_running")


async def test_a_certificate_follows_the_money(office: Office) -> None:
    case_id = await office.take_on()
    none = await get(office, case_id, "clearance")
    assert (none.status_code, none.json()["code"]) == (409, "not_cleared")
    paid = await office.pay(case_id, 125_500, PAY_DAY)
    file = await get(office, case_id, "clearance?lang=en")
    text = pypdf.PdfReader(BytesIO(file.content)).pages[0].extract_text()
    [clearance] = await office.rows("SELECT code FROM clearances")
    assert "Ada Invented" in text
    assert clearance["code"] in text
    assert await office.rows("SELECT FROM documents") == [], "it is handed over and not kept"
    assert (await check(office, clearance["code"]))["answer"] == "genuine"
    await office.hear(payment(case_id, 125_500, PAY_DAY, reverses=paid))
    assert (await check(office, clearance["code"]))["answer"] == "withdrawn"
    file = await get(office, case_id, "clearance?lang=en")
    assert "Withdrawn certificate" in pypdf.PdfReader(BytesIO(file.content)).pages[0].extract_text()
    office.vault.names = None
    assert (await get(office, case_id, "clearance")).status_code == 200


async def test_nothing_is_shown_of_somebody_who_was_erased(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    await office.enter(case_id)
    await office.hear(
        PersonErased(person_id=uuid4(), creditor_id=HARBOUR_CREDIT, case_ids=(case_id,), erased_at=office.now)
    )
    assert (await get(office, case_id, "documents")).status_code in (401, 404)


async def test_an_acceptance_takes_less_than_a_quarter_of_a_second_of_work(office: Office) -> None:
    case_ids = [await office.take_on() for _ in range(4)]
    offers = [await first_offer(office, case_id) for case_id in case_ids]
    took = []
    for case_id, offer in zip(case_ids, offers, strict=True):
        started = process_time()
        assert (await office.accept(case_id, offer)).status_code == 200
        took.append(process_time() - started)
    # The processor's time of this process: the wall's says how busy the machine is with other things.
    assert min(took) < 0.25, took


async def _evidence(office: Office, case_id: UUID) -> dict[str, Any]:
    answer = await office.api.get(f"/v1/cases/{case_id}/acceptances", headers=STAFF)
    [record] = answer.json()["acceptances"]
    assert isinstance(record, dict)
    return record
