"""Relief from the borrower's request over the lender's word to its end, over HTTP and by the clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.negotiation.application.lender_ports import SignedRequest
from services.negotiation.application.pass_relief_time import pass_relief_time
from services.negotiation.application.upload_evidence import delete_outdated_evidence
from shared.events.case_recalled import CaseRecalled
from shared.events.default_detected import DefaultDetected
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_proposed import PlanProposed
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.kernel.refusal import Unidentified
from tests.integration.negotiation.office import STAFF, Office
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received

PDF = b"%PDF-1.7 a letter that ended a job, invented"
LETTER = "termination_letter"
RIVAL_FINANCE = UUID("01900000-0000-7000-8000-00000000beef")


@dataclass
class KnownLenders:
    async def creditor_of(self, signed: SignedRequest) -> UUID:
        known = {"lender:harbour": HARBOUR_CREDIT, "lender:rival": RIVAL_FINANCE}
        if signed.key_id not in known:
            raise Unidentified("signature_wrong", "the key id or the signature is wrong")
        return known[signed.key_id]


@pytest.fixture
def lenders(office: Office) -> None:
    state = office.transport.app.state  # type: ignore[attr-defined]  # a FastAPI app, typed as any ASGI app
    state.resources = replace(state.resources, lender_keys=KnownLenders())


async def ask(office: Office, case_id: UUID, *, key: str | None = None, **changes: Any) -> httpx.Response:
    body = {"cause": "job_loss", "form": "pause", "months": 3, **changes}
    headers = {"Idempotency-Key": key or uuid4().hex}
    headers |= await office.enter(case_id)
    return await office.api.post("/v1/borrower/relief", json=body, headers=headers)


async def upload(office: Office, case_id: UUID, content: bytes = PDF, kind: str = LETTER) -> httpx.Response:
    headers = await office.enter(case_id)
    return await office.api.post(f"/v1/borrower/evidence?kind={kind}", content=content, headers=headers)


async def act(office: Office, case_id: UUID, relief_id: str, what: str, body: Any = None) -> httpx.Response:
    headers = await office.enter(case_id)
    return await office.api.post(f"/v1/borrower/relief/{relief_id}/{what}", json=body, headers=headers)


async def staff(office: Office, path: str, body: Any = None, who: str = "mira") -> httpx.Response:
    return await office.api.post(f"/v1{path}", json=body, headers={**STAFF, "X-Staff-Id": who})


async def lender(office: Office, relief_id: str, body: Any, key: str = "harbour") -> httpx.Response:
    headers = {"Concord-Key-Id": f"lender:{key}", "Concord-Timestamp": "1", "Concord-Signature": "v1=00"}
    return await office.api.post(f"/v1/lender/relief/{relief_id}/decision", json=body, headers=headers)


async def pass_time(office: Office) -> int:
    handled = 0
    while done := await pass_relief_time(office.worker.begin):
        handled += done
    return handled


async def with_lender(office: Office, case_id: UUID, **changes: Any) -> str:
    """A request with its paper, passed on to the lender."""
    file_id = (await upload(office, case_id)).json()["file_id"]
    relief_id: str = (await ask(office, case_id, file_ids=[file_id], **changes)).json()["relief_id"]
    assert (await staff(office, f"/relief/{relief_id}/move", {"to": "with_lender"})).status_code == 200
    return relief_id


async def decide(office: Office, relief_id: str, **changes: Any) -> dict[str, Any]:
    """The lender's word, written down by mira and confirmed by noor."""
    body = {"verdict": "granted", "months": 3, "reference": "HC-2026/17", **changes}
    assert (await staff(office, f"/relief/{relief_id}/decision", body)).status_code == 200
    answer = await staff(office, f"/relief/{relief_id}/confirm", who="noor")
    assert answer.status_code == 200, answer.text
    decided: dict[str, Any] = answer.json()
    return decided


async def state_of(office: Office, relief_id: str) -> str:
    state: str = (await office.api.get(f"/v1/relief/{relief_id}", headers=STAFF)).json()["state"]
    return state


async def test_a_request_is_said_at_once_and_once(office: Office) -> None:
    case_id, key = await office.take_on(), uuid4().hex
    first, again = await ask(office, case_id, key=key), await ask(office, case_id, key=key)
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["missing_evidence"][0][0]["code"] in (LETTER, "unemployment_registration")
    [requested] = await office.said(ReliefRequested, case_id)
    assert (requested.cause, requested.decide_by) == ("job_loss", office.now + timedelta(days=45))
    other = await ask(office, case_id)
    assert (other.status_code, other.json()["code"]) == (409, "relief_open")


@pytest.mark.parametrize(
    "changes",
    [{"months": 0}, {"months": 13}, {"cause": "refuses"}, {"form": "gift"}, {"monthly_minor_units": 100}, {"more": 1}],
)
async def test_what_cannot_be_asked_for(office: Office, changes: dict[str, Any]) -> None:
    assert (await ask(office, await office.take_on(), **changes)).status_code == 422


async def test_a_paper_of_another_case_is_no_paper(office: Office) -> None:
    mine, others = await office.take_on(), await office.take_on()
    file_id = (await upload(office, others)).json()["file_id"]
    assert (await ask(office, mine, file_ids=[file_id])).status_code == 404
    assert await office.said(ReliefRequested) == []


async def test_papers_take_a_request_to_the_lender(office: Office) -> None:
    case_id = await office.take_on()
    relief_id = (await ask(office, case_id)).json()["relief_id"]
    assert (await staff(office, f"/relief/{relief_id}/move", {"to": "needs_evidence"})).json()[
        "state"
    ] == "needs_evidence"
    file_id = (await upload(office, case_id)).json()["file_id"]
    assert (await act(office, case_id, relief_id, "evidence", {"file_ids": [file_id]})).json()["state"] == "with_lender"
    queue = await office.api.get("/v1/relief?state=with_lender", headers=STAFF)
    assert [entry["relief_id"] for entry in queue.json()["requests"]] == [relief_id]


async def test_two_people_write_down_the_lenders_word(office: Office) -> None:
    case_id = await office.take_on()
    relief_id = await with_lender(office, case_id)
    body = {"verdict": "granted", "months": 2, "reference": "HC-1"}
    proposed = (await staff(office, f"/relief/{relief_id}/decision", body)).json()
    assert (proposed["state"], proposed["decision"]["confirmed_by"]) == ("with_lender", None)
    same = await staff(office, f"/relief/{relief_id}/confirm")
    assert (same.status_code, same.json()["code"]) == (409, "maker_is_checker")
    assert await office.said(ReliefGranted) == []
    for _ in range(2):
        assert (await staff(office, f"/relief/{relief_id}/confirm", who="noor")).json()["state"] == "granted"
    [granted] = await office.said(ReliefGranted)
    assert (granted.form, granted.review_on) == ("pause", date(2026, 4, 18))
    shown = (await office.api.get(f"/v1/relief/{relief_id}", headers=STAFF)).json()
    assert sorted((step["step"], step["by"]) for step in shown["steps"]) == [
        ("confirmed", "noor"),
        ("proposed_granted", "mira"),
        ("requested", "borrower"),
        ("with_lender", "mira"),
    ]


async def test_relief_without_a_plan_is_an_offer_to_accept(office: Office) -> None:
    case_id = await office.take_on()
    await decide(office, await with_lender(office, case_id))
    proposed = (await office.said(PlanProposed, case_id))[-1]
    assert (proposed.terms.form, proposed.terms.pause_until) == ("pause", "2026-06-02")
    assert proposed.reasons == ("relief_granted", "instalments_after_pause")
    plan = await office.agree(case_id, "hardship_pause")
    assert plan["terms"]["instalments"][0]["due_on"] == "2026-06-02"


async def test_relief_takes_the_place_of_the_plan_that_it_was_asked_for(office: Office) -> None:
    case_id = await office.take_on()
    before = await office.agree(case_id, "instalments")
    relief_id = await with_lender(office, case_id, form="reduced", monthly_minor_units=2_000)
    decided = await decide(office, relief_id)
    plans = await office.rows("SELECT plan_id, status FROM plans ORDER BY agreed_at, plan_id")
    assert sorted(row["status"] for row in plans) == ["active", "cancelled"]
    agreed = (await office.said(PlanAgreed, case_id))[-1]
    assert (str(agreed.plan_id), agreed.terms.form) == (decided["plan_id"], "reduced")
    # So everybody who kept the former plan in mind lets go of it.
    assert str(agreed.replaces_plan_id) == before["plan_id"]
    assert decided["plan_id"] != before["plan_id"]
    assert [i.amount for i in agreed.terms.instalments[:3]] == [2_000, 2_000, 2_000]
    assert sum(i.amount for i in agreed.terms.instalments) == 125_500


async def test_nobody_breaks_a_plan_while_they_wait_for_the_answer(office: Office) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    office.advance(days=10)
    relief_id = await with_lender(office, case_id)
    office.advance(days=12)
    while await office.sweep():
        continue
    assert await office.said(DefaultDetected) == []
    refusal = {"verdict": "refused", "months": None, "reasons": ["income_unchanged"]}
    await decide(office, relief_id, **refusal, alternatives=["smaller_payments"])
    office.advance(days=6, hours=23)
    assert await office.sweep() == 0, "some days are left to pay what is behind"
    office.advance(hours=1)
    assert await office.sweep() == 1
    assert len(await office.said(DefaultDetected, case_id)) == 1


async def test_a_refusal_says_why_and_a_second_request_needs_something_new(office: Office) -> None:
    case_id = await office.take_on()
    relief_id = await with_lender(office, case_id)
    bare = await staff(office, f"/relief/{relief_id}/decision", {"verdict": "refused", "reasons": ["income_unchanged"]})
    assert (bare.status_code, bare.json()["code"]) == (422, "relief_reasons_missing")
    refusal = {"verdict": "refused", "months": None, "reasons": ["income_unchanged"], "alternatives": ["debt_advice"]}
    await decide(office, relief_id, **refusal)
    [ended] = await office.said(ReliefEnded, case_id)
    assert (ended.outcome, ended.reasons) == ("refused", ("income_unchanged",))
    seen = (await office.api.get("/v1/borrower/relief?lang=zh", headers=await office.enter(case_id))).json()
    [request] = seen["requests"]
    assert request["alternatives"] == [{"code": "debt_advice", "text": "寻求独立的免费债务咨询。"}]
    old = seen["files"][0]["file_id"]
    assert (await ask(office, case_id, file_ids=[old])).json()["code"] == "relief_nothing_new"
    new = (await upload(office, case_id, PDF + b" and another", "unemployment_registration")).json()["file_id"]
    assert (await ask(office, case_id, file_ids=[old, new])).status_code == 200


async def test_the_lender_decides_by_its_own_signature(office: Office, lenders: None) -> None:
    case_id = await office.take_on()
    relief_id = await with_lender(office, case_id)
    body = {"verdict": "granted", "months": 6}
    assert (await lender(office, relief_id, body, "rival")).status_code == 404
    assert (await lender(office, relief_id, body, "nobody")).status_code == 401
    for _ in range(2):
        assert (await lender(office, relief_id, body)).json()["state"] == "granted"
    assert len(await office.said(ReliefGranted)) == 1
    other = await lender(office, relief_id, {"verdict": "refused", "reasons": ["a_reason"], "alternatives": ["b_way"]})
    assert other.status_code == 409


async def test_silence_lets_a_request_lapse_and_the_clock_may_jump(office: Office) -> None:
    cases = [await office.take_on() for _ in range(3)]
    for case_id in cases:
        await ask(office, case_id)
    office.advance(days=45)
    await asyncio.gather(*(pass_relief_time(office.worker.begin, limit=2) for _ in range(3)))
    await pass_time(office)
    assert sorted((e.case_id, e.outcome) for e in await office.said(ReliefEnded)) == sorted(
        (case_id, "lapsed") for case_id in cases
    )
    assert (await ask(office, cases[0])).status_code == 200


async def test_relief_is_reviewed_extended_and_ends(office: Office) -> None:
    case_id = await office.take_on()
    relief_id = await with_lender(office, case_id)
    await decide(office, relief_id)
    office.advance(days=78)
    assert await pass_time(office) == 1
    due = (await office.api.get("/v1/relief?state=review_due", headers=STAFF)).json()["requests"]
    assert [entry["relief_id"] for entry in due] == [relief_id]
    await act(office, case_id, relief_id, "circumstances", {"circumstances": "as_before"})
    extended = (await staff(office, f"/relief/{relief_id}/review", {"months": 2})).json()
    assert (extended["months"], extended["is_review_due"]) == (5, False)
    assert len(await office.said(ReliefGranted)) == 2
    office.advance(days=90)
    await pass_time(office)
    [ended] = await office.said(ReliefEnded)
    assert ended.outcome == "expired"
    assert await pass_time(office) == 0


async def test_a_review_may_end_relief_and_the_borrower_may_too(office: Office) -> None:
    first, second = await office.take_on(), await office.take_on()
    reviewed, cancelled = await with_lender(office, first), await with_lender(office, second)
    await decide(office, reviewed)
    await decide(office, cancelled)
    for _ in range(2):
        assert (await staff(office, f"/relief/{reviewed}/review", {})).json()["ending"] == "reviewed"
        assert (await act(office, second, cancelled, "withdraw")).json()["ending"] == "cancelled"
    assert [e.outcome for e in await office.said(ReliefEnded)] == ["reviewed", "cancelled"]


async def test_an_undecided_request_may_be_withdrawn(office: Office) -> None:
    case_id = await office.take_on()
    relief_id = (await ask(office, case_id)).json()["relief_id"]
    for _ in range(2):
        assert (await act(office, case_id, relief_id, "withdraw")).json()["state"] == "withdrawn"
    assert [e.outcome for e in await office.said(ReliefEnded)] == ["withdrawn"]
    assert (await act(office, case_id, relief_id, "evidence", {"file_ids": [str(uuid4())]})).status_code == 404


async def test_relief_ends_with_the_case(office: Office) -> None:
    paid, recalled = await office.take_on(), await office.take_on()
    for case_id in (paid, recalled):
        await ask(office, case_id)
    await office.pay(paid, 125_500, office.now.date())
    await office.hear(CaseRecalled(case_id=recalled, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=office.now))
    assert sorted(e.case_id for e in await office.said(ReliefEnded)) == sorted([paid, recalled])
    assert (await ask(office, paid)).json()["code"] == "case_closed"


async def test_an_erasure_takes_the_papers_with_it(office: Office) -> None:
    received = case_received()
    await office.hear(received, case_assessed(received.case_id))
    await upload(office, received.case_id)
    await ask(office, received.case_id)
    await office.hear(
        PersonErased(
            person_id=received.person_id, creditor_id=HARBOUR_CREDIT, case_ids=(received.case_id,), erased_at=office.now
        )
    )
    assert await office.rows("SELECT * FROM evidence_files") == []
    assert len(await office.said(ReliefEnded)) == 1


async def test_a_paper_is_sealed_and_opened_only_by_name_and_reason(office: Office) -> None:
    case_id = await office.take_on()
    first, again = await upload(office, case_id), await upload(office, case_id)
    assert first.json()["file_id"] == again.json()["file_id"]
    [row] = await office.rows("SELECT * FROM evidence_files")
    assert PDF not in row["sealed"]
    file_id = first.json()["file_id"]
    opened = await staff(office, f"/evidence/{file_id}/open", {"reason": "relief_decision"})
    assert opened.content == PDF
    assert opened.headers["content-disposition"].startswith("attachment;")
    assert (opened.headers["content-type"], opened.headers["x-content-type-options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert (await staff(office, f"/evidence/{file_id}/open", {})).status_code == 422
    assert (await office.api.post(f"/v1/evidence/{file_id}/open", json={"reason": "curious"})).status_code == 401
    log = (await office.api.get(f"/v1/evidence/{file_id}/openings", headers=STAFF)).json()["openings"]
    assert [(entry["staff_id"], entry["reason"]) for entry in log] == [("mira", "relief_decision")]


@pytest.mark.parametrize(("content", "status"), [(b"MZ\x90", 422), (b"", 422), (b"%PDF-" + b"x" * 5_300_000, 413)])
async def test_what_is_not_kept(office: Office, content: bytes, status: int) -> None:
    case_id = await office.take_on()
    assert (await upload(office, case_id, content)).status_code == status
    assert await office.rows("SELECT * FROM evidence_files") == []


async def test_papers_go_when_their_time_is_over_and_stay_while_relief_runs(office: Office) -> None:
    old, used = await office.take_on(), await office.take_on()
    await upload(office, old)
    await decide(office, await with_lender(office, used))
    office.advance(days=179, hours=23)
    assert await delete_outdated_evidence(office.worker.begin) == 0
    office.advance(hours=1)
    assert await delete_outdated_evidence(office.worker.begin) == 1
    assert [row["case_id"] for row in await office.rows("SELECT * FROM evidence_files")] == [used]


async def test_staff_alone_see_the_queue(office: Office) -> None:
    relief_id = (await ask(office, await office.take_on())).json()["relief_id"]
    for path in ("/v1/relief", f"/v1/relief/{relief_id}"):
        assert (await office.api.get(path)).status_code == 401
    assert await state_of(office, relief_id) == "requested"
