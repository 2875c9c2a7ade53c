"""The HTTP interface: signed webhooks, staff calls, and every kind of bad input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import from_document
from services.outreach.main import create_service
from shared.kernel.identifiers import new_id
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import sign
from tests.integration.outreach.desk import Desk
from tests.support.databases import MONDAY_MORNING as AT

STAFF = {"Authorization": f"Bearer {SANDBOX_SECRET}"}


@dataclass
class Api:
    desk: Desk
    client: httpx.AsyncClient

    async def webhook(self, path: str, document: Any, **changes: Any) -> httpx.Response:
        body = document if isinstance(document, bytes) else orjson.dumps(document)
        headers = sign(
            changes.get("secret", SANDBOX_SECRET.encode()),
            key_id=changes.get("key_id", "provider:sandbox"),
            at=changes.get("at", self.desk.now),
            method="POST",
            path=changes.get("signed_path", path),
            body=changes.get("signed_body", body),
        )
        return await self.client.post(path, content=body, headers={**headers, "Content-Type": "application/json"})

    async def staff(self, method: str, path: str, document: Any = None) -> httpx.Response:
        return await self.client.request(method, path, json=document, headers=STAFF)


@pytest.fixture
async def api(desk: Desk) -> AsyncIterator[Api]:
    platform = Platform("api", desk.databases.clock, desk.databases.api)
    async with desk.as_api():
        app = build_app(create_service(), platform, resources=desk.resources)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://outreach") as client,
        ):
            yield Api(desk, client)


def reply(case_id: UUID | None, text: str = "STOP", **changes: Any) -> dict[str, Any]:
    return {
        "reply_reference": "reply-1",
        "channel": "sms",
        "in_reply_to": None,
        "case_id": str(case_id) if case_id else None,
        "from": changes.pop("sender", None),
        "text": text,
        "received_at": "2026-03-02T15:00:00Z",
        **changes,
    }


async def test_one_reply_or_many_and_a_bad_one_never_stops_the_others(api: Api) -> None:
    case_id = await api.desk.open_case()
    one = await api.webhook("/v1/replies", reply(case_id))
    assert one.status_code == 200
    (answer,) = one.json()["replies"]
    assert answer["intent"] == "stop"
    assert "errors" not in answer or answer["errors"] is None
    many = await api.webhook(
        "/v1/replies",
        {"replies": [reply(new_id(), reply_reference="a"), reply(case_id, "wrong number", reply_reference="b")]},
    )
    first, second = many.json()["replies"]
    assert [error["code"] for error in first["errors"]] == ["case_unknown"]
    assert second["intent"] == "wrong_person"
    again = await api.webhook("/v1/replies", reply(case_id, "something else"))
    assert again.json()["replies"][0]["reply_id"] == answer["reply_id"]


# Many ways to be wrong in one test: each would cost a database of its own.
WRONG_SIGNATURES: list[tuple[dict[str, Any], str]] = [
    ({"secret": b"another secret"}, "signature_wrong"),
    ({"key_id": "provider:other"}, "signature_wrong"),
    ({"signed_path": "/v1/delivery-receipts"}, "signature_wrong"),
    ({"signed_body": b"{}"}, "signature_wrong"),
    ({"at": AT + timedelta(seconds=301)}, "stale_timestamp"),
    ({"at": AT - timedelta(seconds=301)}, "stale_timestamp"),
]


async def test_a_webhook_that_is_not_signed_right_is_refused(api: Api) -> None:
    case_id = await api.desk.open_case()
    for changes, code in WRONG_SIGNATURES:
        answer = await api.webhook("/v1/replies", reply(case_id), **changes)
        assert (answer.status_code, answer.json()["code"]) == (401, code), changes
        assert answer.headers["content-type"] == "application/problem+json"
    assert await api.desk.rows("SELECT * FROM replies") == []


MALFORMED: list[tuple[Any, int]] = [
    (b"{not json", 400),
    ({}, 422),
    ({"replies": []}, 422),
    ({"replies": [reply(None)] * 1_001}, 422),
    (reply(None, surprise=1), 422),
    (reply(None, channel="fax"), 422),
    (reply(None, text="x" * 4_001), 422),
    (reply(None, received_at="2026-03-02T15:00:00"), 422),
    (reply(None, reply_reference=""), 422),
    (reply(None, sender={"kind": "carrier pigeon", "value": "x"}), 422),
    (reply(None, in_reply_to="not an id"), 422),
]


async def test_a_malformed_reply_is_a_clear_problem_and_nothing_is_kept(api: Api) -> None:
    for document, status in MALFORMED:
        answer = await api.webhook("/v1/replies", document)
        assert answer.status_code == status, document
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"]
    assert await api.desk.rows("SELECT * FROM replies") == []


async def test_receipts_name_the_attempts_they_do_not_know(api: Api) -> None:
    await api.desk.open_case()
    api.desk.carriers.outcome = "sent"
    await api.desk.sweep()
    (attempt,) = await api.desk.attempts()
    stranger = str(new_id())
    receipts = [
        {"attempt_id": str(attempt["attempt_id"]), "status": "delivered", "at": "2026-03-02T15:01:00Z"},
        {"attempt_id": stranger, "status": "failed", "at": "2026-03-02T15:01:00Z"},
    ]
    answer = await api.webhook("/v1/delivery-receipts", {"receipts": receipts})
    assert answer.json() == {"accepted": 1, "unknown": [stranger]}
    (attempt,) = await api.desk.attempts()
    assert attempt["outcome"] == "delivered"


async def test_staff_need_their_token(api: Api) -> None:
    case_id = new_id()
    for method, path in (
        ("POST", f"/v1/cases/{case_id}/holds"),
        ("POST", f"/v1/holds/{case_id}/release"),
        ("GET", f"/v1/cases/{case_id}/contacts"),
        ("PUT", f"/v1/cases/{case_id}/preferences"),
        ("GET", "/v1/complaints"),
        ("GET", "/v1/disputes"),
        ("POST", f"/v1/complaints/{case_id}/close"),
        ("POST", f"/v1/disputes/{case_id}/close"),
        ("GET", "/v1/decisions/export"),
    ):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            answer = await api.client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "staff_unidentified"), path


async def test_staff_hold_and_release_a_case(api: Api) -> None:
    case_id = await api.desk.open_case()
    applied = await api.staff("POST", f"/v1/cases/{case_id}/holds", {"kind": "verification"})
    assert applied.json()["until"] == "2026-03-09T15:00:00Z"
    released = await api.staff("POST", f"/v1/holds/{applied.json()['hold_id']}/release")
    assert released.status_code == 200
    assert len(await api.desk.said("hold.released")) == 1
    assert (await api.staff("POST", f"/v1/cases/{new_id()}/holds", {"kind": "dispute"})).status_code == 404
    assert (await api.staff("POST", f"/v1/holds/{new_id()}/release")).status_code == 404
    assert (await api.staff("POST", f"/v1/cases/{case_id}/holds", {"kind": "whim"})).status_code == 422


async def test_complaints_and_disputes_are_listed_and_closed(api: Api) -> None:
    case_id = await api.desk.open_case()
    await api.desk.reply("I want to complain", case_id=case_id)
    await api.desk.reply("not my debt", case_id=case_id)
    (complaint,) = (await api.staff("GET", "/v1/complaints?status=open&limit=1000")).json()["complaints"]
    (dispute,) = (await api.staff("GET", "/v1/disputes")).json()["disputes"]
    assert complaint["answer_due_at"] == "2026-03-17T15:00:00Z"
    closed = await api.staff("POST", f"/v1/complaints/{complaint['complaint_id']}/close", {"outcome": "upheld"})
    assert closed.json()["outcome"] == "upheld"
    closed = await api.staff("POST", f"/v1/disputes/{dispute['dispute_id']}/close", {"outcome": "debt_verified"})
    assert closed.json()["closed_at"] == "2026-03-02T15:00:00Z"
    assert (await api.staff("GET", "/v1/complaints?status=open")).json() == {"complaints": []}
    assert len((await api.staff("GET", "/v1/disputes?status=closed")).json()["disputes"]) == 1
    answer = await api.staff("POST", f"/v1/complaints/{new_id()}/close", {"outcome": "upheld"})
    assert answer.status_code == 404
    answer = await api.staff("POST", f"/v1/complaints/{complaint['complaint_id']}/close", {"outcome": "ignored"})
    assert answer.status_code == 422


async def test_the_contacts_of_a_case_show_attempts_and_denials_with_their_decisions(api: Api) -> None:
    case_id = await api.desk.open_case()
    await api.desk.sweep()
    await api.desk.reply("I dispute this", case_id=case_id)
    api.desk.databases.clock.advance(timedelta(days=4))
    await api.desk.sweep()
    denial, attempt = (await api.staff("GET", f"/v1/cases/{case_id}/contacts")).json()["contacts"]
    assert (attempt["kind"], attempt["outcome"], attempt["verdict"]) == ("attempt", "delivered", "allow")
    assert denial["kind"] == "denial"
    assert {rule["rule"] for rule in denial["rules"]} == {"concord-floor/hold", "us-regulation-f/dispute"}
    assert (await api.staff("GET", f"/v1/cases/{new_id()}/contacts")).status_code == 404


async def test_an_exported_decision_can_be_run_again_by_an_outsider(api: Api) -> None:
    await api.desk.open_case()
    await api.desk.open_case(jurisdiction="CN")
    for _ in range(2):
        await api.desk.sweep()
    exported = (await api.staff("GET", "/v1/decisions/export?from=2026-03-01T00:00:00Z")).text.splitlines()
    assert len(exported) == 2
    for line in exported:
        row = json.loads(line)
        assert hashlib.sha256(row["facts"].encode()).hexdigest() == row["facts_hash"]
        again = decide(*_inputs(row["facts"]))
        assert (again.verdict, again.facts_text, again.pack_hash) == (row["verdict"], row["facts"], row["pack_hash"])
    first = json.loads(exported[0])["decision_id"]
    following = (await api.staff("GET", f"/v1/decisions/export?after={first}&limit=1")).text.splitlines()
    assert following == exported[1:]
    assert (await api.staff("GET", "/v1/decisions/export?from=2026-03-03T00:00:00Z")).text == ""


def _inputs(facts: str) -> tuple[Any, Any, Any, Any]:
    from services.outreach.adapters.rule_packs import load_packs

    request, known, now = from_document(json.loads(facts))
    return request, known, load_packs(), now


async def test_times_that_do_not_suit_are_kept_and_respected(api: Api) -> None:
    case_id = await api.desk.open_case()
    times = [{"days": [0], "begins": "09:00", "ends": "12:00"}]
    answer = await api.staff("PUT", f"/v1/cases/{case_id}/preferences", {"inconvenient_times": times})
    assert answer.status_code == 204
    await api.desk.sweep()
    (denied,) = await api.desk.said("contact.denied")
    inconvenient = ["concord-floor/inconvenient_time", "us-regulation-f/inconvenient_time"]
    assert [rule["rule"] for rule in denied["rules"]] == inconvenient
    assert denied["until"] == "2026-03-02T17:00:00Z"
    bad = [{"days": [7]}]
    assert (await api.staff("PUT", f"/v1/cases/{case_id}/preferences", {"inconvenient_times": bad})).status_code == 422


async def test_decisions_cannot_be_changed_or_removed_by_the_service(api: Api) -> None:
    await api.desk.open_case()
    await api.desk.sweep()
    for statement in ("UPDATE decisions SET verdict = 'deny'", "DELETE FROM decisions"):
        with pytest.raises(Exception, match="permission denied"):
            await api.desk.run(statement)


async def test_a_case_in_quarantine_is_held_and_so_is_every_case_of_a_person(api: Api) -> None:
    desk = api.desk
    case_id = await desk.open_case()
    await desk.quarantine(str(case_id))
    assert [hold["kind"] for hold in await desk.said("hold.applied")] == ["quarantine"]
    other = await desk.open_case()
    (row,) = await desk.rows("SELECT person_id FROM cases WHERE case_id = $1", other)
    await desk.quarantine(str(row["person_id"]))
    await desk.sweep()
    assert await desk.attempts() == []


async def test_the_packs_of_an_exported_decision_are_there_by_their_hashes(api: Api) -> None:
    await api.desk.open_case()
    await api.desk.sweep()
    (row,) = map(json.loads, (await api.staff("GET", "/v1/decisions/export")).text.splitlines())
    assert row["position"] == 1
    packs = (await api.staff("GET", f"/v1/decisions/pack-sets/{row['pack_set_hash']}")).json()
    assert set(row["packs"]) <= set(packs)
    for pack_hash in (packs[label] for label in row["packs"]):
        text = (await api.staff("GET", f"/v1/decisions/packs/{pack_hash}")).content
        assert hashlib.sha256(text).hexdigest() == pack_hash
    for path in (f"packs/{'0' * 64}", f"pack-sets/{'0' * 64}"):
        assert (await api.staff("GET", f"/v1/decisions/{path}")).status_code == 404
    assert (await api.staff("GET", "/v1/decisions/packs/short")).status_code == 422
    assert (await api.client.get(f"/v1/decisions/packs/{'0' * 64}")).status_code == 401
