"""The desks over HTTP: pages for the staff, the API, and what the borrower's pages may ask."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import orjson

from shared.kernel.identifiers import new_id
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import sign
from tests.integration.outreach.test_desk_pages import Visitor, visitor

__all__ = ["visitor"]

STAFF = {"Authorization": f"Bearer {SANDBOX_SECRET}", "X-Staff-Id": "agent.lin"}


def complaint(case_id: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "case_id": str(case_id),
        "reference": "post:1",
        "category": "conduct",
        "channel": "regulator",
        "received_at": "2026-03-02T14:00:00Z",
        **changes,
    }


async def posted(visitor: Visitor, path: str, document: Any, **headers: str) -> httpx.Response:
    return await visitor.client.post(path, json=document, headers={**STAFF, **headers})


async def portal(visitor: Visitor, method: str, path: str, document: Any = None, **changes: Any) -> httpx.Response:
    body = orjson.dumps(document) if document is not None else b""
    headers = sign(
        SANDBOX_SECRET.encode(),
        key_id=changes.get("key_id", "service:negotiation"),
        at=visitor.desk.now,
        method=method,
        path=path,
        body=changes.get("signed", body),
    )
    return await visitor.client.request(
        method, path, content=body, headers={**headers, "Content-Type": "application/json"}
    )


async def test_a_complaint_is_worked_on_from_its_page_to_the_end(visitor: Visitor) -> None:
    case_id = await visitor.desk.open_case()
    made = (await posted(visitor, "/v1/complaints", complaint(case_id))).json()
    await visitor.sign_in("agent.lin")
    for language in ("en", "zh"):
        listed = await visitor.client.get("/desk/complaints", params={"lang": language})
        assert f"/desk/complaints/{made['matter_id']}" in listed.text
        assert ("in time" if language == "en" else "期限内") in listed.text
    page = f"/desk/complaints/{made['matter_id']}"
    shown = await visitor.client.get(page, params={"lang": "en"})
    assert "<script" not in shown.text
    assert "style=" not in shown.text
    evidence = (await visitor.client.get(f"/v1{page.removeprefix('/desk')}", headers=STAFF)).json()["evidence"]
    assert evidence[0]["sha256"] in shown.text
    for step in ("take", "acknowledge", "investigate"):
        assert (await visitor.submit(f"{page}/step", step=step)).status_code == 200
    wrong = await visitor.submit(f"{page}/answer", outcome="upheld", root_cause="wording")
    assert wrong.status_code == 422
    assert "Who was right gets some redress." in wrong.text
    await visitor.submit(f"{page}/answer", outcome="upheld", root_cause="wording", redress="apology")
    sent = await visitor.submit(f"{page}/send", channel="email")
    assert visitor.desk.carriers.deliveries.total() == 1, sent.text
    closed = await visitor.submit(f"{page}/step", step="finish")
    assert "It is closed." in closed.text
    assert "wording" in (await visitor.client.get("/desk/complaints?status=closed")).text


async def test_a_form_of_another_session_does_nothing(visitor: Visitor) -> None:
    made = (await posted(visitor, "/v1/complaints", complaint(await visitor.desk.open_case()))).json()
    await visitor.sign_in("agent.lin")
    visitor.form_token = "of another session"
    answer = await visitor.submit(f"/desk/complaints/{made['matter_id']}/step", step="acknowledge")
    assert answer.status_code == 403
    (row,) = await visitor.desk.rows("SELECT state FROM desk_matters")
    assert row["state"] == "received"


async def test_a_dispute_has_a_page_and_no_page_of_the_other_kind(visitor: Visitor) -> None:
    case_id = await visitor.desk.open_case()
    body = complaint(case_id, ground="amount", part_minor_units=100)
    del body["category"]
    made = (await posted(visitor, "/v1/disputes", body)).json()
    assert (made["is_written"], made["is_timely"], made["part_minor_units"]) == (True, None, 100)
    await visitor.sign_in("agent.lin")
    assert (await visitor.client.get(f"/desk/disputes/{made['matter_id']}")).status_code == 200
    assert (await visitor.client.get(f"/desk/complaints/{made['matter_id']}")).status_code == 404
    assert (await visitor.client.get("/desk/disputes/none")).status_code == 404


async def test_the_evidence_is_served_as_the_bytes_that_its_hash_is_of(visitor: Visitor) -> None:
    made = (await posted(visitor, "/v1/complaints", complaint(await visitor.desk.open_case()))).json()
    path = f"/v1/complaints/{made['matter_id']}"
    (pack,) = (await visitor.client.get(path, headers=STAFF)).json()["evidence"]
    answer = await visitor.client.get(f"{path}/evidence/{pack['pack_id']}", headers=STAFF)
    assert sha256(answer.content).hexdigest() == pack["sha256"] == answer.headers["etag"].strip('"')
    assert (await visitor.client.get(f"{path}/evidence/{new_id()}", headers=STAFF)).status_code == 404


async def test_nobody_without_a_name_writes_and_nothing_malformed_is_taken(visitor: Visitor) -> None:
    case_id = await visitor.desk.open_case()
    token = {"Authorization": STAFF["Authorization"]}
    assert (await visitor.client.post("/v1/complaints", json=complaint(case_id), headers=token)).status_code == 422
    assert (await visitor.client.post("/v1/complaints", json=complaint(case_id))).status_code == 401
    for change in ({"category": "bad"}, {"reference": ""}, {"received_at": "2026-03-02T14:00"}, {"more": 1}):
        assert (await posted(visitor, "/v1/complaints", complaint(case_id, **change))).status_code == 422
    assert (await posted(visitor, "/v1/complaints", complaint(new_id()))).status_code == 404
    twice = [await posted(visitor, "/v1/complaints", complaint(case_id)) for _ in range(2)]
    assert twice[0].json() == twice[1].json()
    other = await posted(visitor, "/v1/complaints", complaint(case_id, category="amount"))
    assert other.status_code == 409


async def test_preferences_are_written_and_shown_over_http(visitor: Visitor) -> None:
    await visitor.desk.open_case()
    (row,) = await visitor.desk.rows("SELECT person_id FROM cases")
    path = f"/v1/persons/{row['person_id']}/preferences"
    common = {"source": "staff", "proof_reference": "file:1"}
    bodies: list[dict[str, object]] = [
        {"kind": "consent", "consent": "out_of_hours", "channel": "call"},
        {"kind": "opt_out", "channel": "sms"},
        {"kind": "inconvenient_time", "days": [0, 4], "begins": "09:00", "ends": "12:00"},
        {"kind": "inconvenient_place", "place": "work"},
        {"kind": "agreed_time", "from": "2026-03-03T15:00:00Z", "until": "2026-03-03T16:00:00Z"},
        {"kind": "language", "language": "zh"},
        {"kind": "representative", "representative": "attorney", "time_zones": ["America/New_York"]},
    ]
    for number, body in enumerate(bodies):
        answer = await posted(visitor, path, {**common, **body, "reference": f"desk:{number}"})
        assert answer.status_code == 201, answer.text
    ledger = (await visitor.client.get(path, headers=STAFF)).json()
    assert [entry["kind"] for entry in ledger["entries"]] == [body["kind"] for body in bodies]
    assert ledger["current"]["language"] == "zh"
    assert ledger["current"]["opt_outs"] == [{"channel": "sms", "contact_point_id": None}]
    refusal = next(entry["entry_id"] for entry in ledger["entries"] if entry["kind"] == "opt_out")
    withdrawal = {**common, "kind": "opt_out", "withdraws": refusal, "reference": "desk:w"}
    assert (await posted(visitor, path, withdrawal)).status_code == 201
    assert (await visitor.client.get(path, headers=STAFF)).json()["current"]["opt_outs"] == []
    for wrong in ({"kind": "opt_out"}, {"kind": "consent", "consent": "everything"}, {"kind": "none"}):
        assert (await posted(visitor, path, {**common, **wrong, "reference": "desk:x"})).status_code == 422


async def test_the_borrowers_pages_see_their_own_and_nobody_unsigned_does(visitor: Visitor) -> None:
    case_id, other = await visitor.desk.open_case(), await visitor.desk.open_case()
    path = f"/internal/v1/cases/{case_id}"
    body = {"reference": "portal:1", "category": "conduct"}
    made = await portal(visitor, "POST", f"{path}/complaints", body)
    assert made.status_code == 201, made.text
    await portal(visitor, "POST", f"{path}/disputes", {"reference": "portal:2", "ground": "amount"})
    alarm = {"reference": "portal:3", "category": "threats"}
    assert (await portal(visitor, "POST", f"{path}/conduct-alarms", alarm)).status_code == 201
    own = (await portal(visitor, "GET", f"{path}/matters")).json()["matters"]
    assert {line["kind"] for line in own} == {"complaint", "dispute"}
    assert all(line["answer_due_at"] and line["state"] == "received" for line in own)
    assert "named_staff" not in own[0]
    assert (await portal(visitor, "GET", f"/internal/v1/cases/{other}/matters")).json() == {"matters": []}
    # The same reference in another case is no way to somebody else's complaint.
    assert (await portal(visitor, "POST", f"/internal/v1/cases/{other}/complaints", body)).status_code == 409
    assert (await portal(visitor, "GET", f"{path}/matters", key_id="service:intake")).status_code == 401
    assert (await portal(visitor, "POST", f"{path}/complaints", body, signed=b"{}")).status_code == 401
    assert (await visitor.client.get(f"{path}/matters", headers=STAFF)).status_code == 401
