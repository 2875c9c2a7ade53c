"""Requests that are wrong as a whole: one clear problem each, and nothing is written."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.intake.entrypoints.bodies import NDJSON
from shared.kernel.clock import SystemClock
from shared.service.app import BODY_BYTES_MAX
from shared.service.signatures import sign
from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import rent_arrears

PLACEMENTS = "/v1/placements"
RECORD = json.dumps(rent_arrears()).encode()


async def _send(lender: Lender, body: bytes, **headers: str) -> httpx.Response:
    given = lender.signature("POST", PLACEMENTS, body) | {"Content-Type": "application/json", "Idempotency-Key": "k"}
    return await lender.client.post(PLACEMENTS, content=body, headers=given | headers)


async def _is_refused(intake: Intake, response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["code"]) == (status, code), problem
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:concord:problem:{code}"
    (written,) = await intake.rows(
        "SELECT (SELECT count(*) FROM batches) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM cases)"
        " + (SELECT count(*) FROM idempotency_keys) AS rows"
    )
    assert written == {"rows": 0}
    return problem


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Concord-Signature": "v1=" + "0" * 64}, "signature_wrong"),
        ({"Concord-Signature": ""}, "signature_wrong"),
        ({"Concord-Signature": "v1=\u00e9"}, "signature_wrong"),
        ({"Concord-Key-Id": "lender:unknown"}, "signature_wrong"),
        ({"Concord-Key-Id": ""}, "signature_wrong"),
        ({"Concord-Key-Id": "service:outreach"}, "signature_wrong"),
        ({"Concord-Timestamp": ""}, "signature_missing"),
        ({"Concord-Timestamp": "-5"}, "signature_missing"),
        ({"Concord-Timestamp": "9" * 20}, "signature_missing"),
        ({"Concord-Timestamp": "1772463599"}, "signature_wrong"),
        ({"Concord-Timestamp": "1700000000"}, "stale_timestamp"),
    ],
)
async def test_a_request_without_a_right_signature_is_refused(
    intake: Intake, harbour: Lender, headers: dict[str, str], code: str
) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    given = harbour.signature("POST", PLACEMENTS, RECORD) | {"Content-Type": "application/json", "Idempotency-Key": "k"}
    mixed: dict[str, Any] = {**given, **raw}
    request = harbour.client.build_request("POST", PLACEMENTS, content=RECORD, headers=mixed)
    await _is_refused(intake, await harbour.client.send(request), 401, code)


@pytest.mark.parametrize(("seconds", "is_fresh"), [(300, True), (-300, True), (301, False), (-301, False)])
async def test_a_signature_is_fresh_for_five_minutes(harbour: Lender, seconds: int, is_fresh: bool) -> None:
    at = harbour.clock.now() + timedelta(seconds=seconds)
    signature = sign(harbour.secret, key_id=harbour.key_id, at=at, method="POST", path=PLACEMENTS, body=RECORD)
    response = await _send(harbour, RECORD, **signature)
    assert response.status_code == (200 if is_fresh else 401), response.text


async def test_a_signature_by_the_machines_clock_is_fresh_too(harbour: Lender) -> None:
    """A sandbox's clock jumps by hours while a request is under way."""
    at = SystemClock().now()
    signature = sign(harbour.secret, key_id=harbour.key_id, at=at, method="POST", path=PLACEMENTS, body=RECORD)
    assert (await _send(harbour, RECORD, **signature)).status_code == 200


async def test_a_signature_holds_for_its_very_body_method_and_path_only(intake: Intake, harbour: Lender) -> None:
    written_again = json.dumps(json.loads(RECORD), indent=1).encode()
    signed = harbour.signature("POST", PLACEMENTS, RECORD)
    await _is_refused(intake, await _send(harbour, written_again, **signed), 401, "signature_wrong")
    elsewhere = harbour.signature("POST", "/v1/payments", RECORD)
    await _is_refused(intake, await _send(harbour, RECORD, **elsewhere), 401, "signature_wrong")


async def test_the_signature_is_checked_before_the_body_is_parsed(intake: Intake, harbour: Lender) -> None:
    wrong = {"Concord-Signature": "v1=" + "0" * 64}
    await _is_refused(intake, await _send(harbour, b"{not json", **wrong), 401, "signature_wrong")


@pytest.mark.parametrize("body", [b"", b"{not json", b"\xff\xfe", b"[1,2", b'{"records": []}'])
async def test_a_body_that_holds_no_json_is_refused(intake: Intake, harbour: Lender, body: bytes) -> None:
    await _is_refused(intake, await _send(harbour, body), 400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b"5", b'{"records": 5}'])
async def test_a_body_of_another_shape_is_refused(intake: Intake, harbour: Lender, body: bytes) -> None:
    problem = await _is_refused(intake, await _send(harbour, body), 422, "invalid_request")
    assert problem["errors"]


async def test_unknown_members_beside_the_records_are_all_named(intake: Intake, harbour: Lender) -> None:
    body = json.dumps({"records": [rent_arrears()], "dry_run": True, "mode": 1}).encode()
    problem = await _is_refused(intake, await _send(harbour, body), 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == ["/dry_run", "/mode"]


async def test_another_content_type_or_encoding_is_refused(intake: Intake, harbour: Lender) -> None:
    for headers in ({"Content-Type": "application/xml"}, {"Content-Encoding": "gzip"}):
        await _is_refused(intake, await _send(harbour, RECORD, **headers), 415, "unsupported_media_type")


async def test_an_oversize_body_is_refused_before_it_is_read(intake: Intake, harbour: Lender) -> None:
    declared = await _send(harbour, RECORD, **{"Content-Length": str(BODY_BYTES_MAX + 1)})
    await _is_refused(intake, declared, 413, "body_too_large")


async def test_too_many_records_are_refused_whole(intake: Intake, harbour: Lender) -> None:
    response = await _send(harbour, b"{}\n" * 10_001, **{"Content-Type": NDJSON})
    await _is_refused(intake, response, 422, "too_many_records")


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "k\u00e9y"])
async def test_a_placement_needs_an_idempotency_key(intake: Intake, harbour: Lender, key: str) -> None:
    given = harbour.signature("POST", PLACEMENTS, RECORD) | {"Content-Type": "application/json"}
    headers: dict[str, Any] = given | ({"Idempotency-Key": key.encode("latin-1")} if key else {})
    request = harbour.client.build_request("POST", PLACEMENTS, content=RECORD, headers=headers)
    await _is_refused(intake, await harbour.client.send(request), 422, "idempotency_key_missing")


async def test_a_key_that_was_refused_with_its_request_may_be_used_again(harbour: Lender) -> None:
    assert (await _send(harbour, b"{not json")).status_code == 400
    assert (await _send(harbour, RECORD)).status_code == 200


@pytest.mark.parametrize(
    ("token", "scheme"), [("wrong", "Bearer"), ("", "Bearer"), ("an invented token of the staff", "Basic")]
)
async def test_staff_routes_need_the_staffs_token(intake: Intake, token: str, scheme: str) -> None:
    for path in ("/v1/creditors", "/v1/persons/01900000-0000-7000-8000-000000000001/erase"):
        response = await intake.client.post(path, json={}, headers={"Authorization": f"{scheme} {token}"})
        await _is_refused(intake, response, 401, "staff_unidentified")


async def test_every_fault_of_a_creditors_profile_is_named(intake: Intake) -> None:
    body = {
        "name": "",
        "licence_number": "L",
        "licence_expires_on": "soon",
        "currency": "USD",
        "jurisdiction": "FR",
        "mandate": {"discount_max_basis_points": 10_001, "term_months_max": 0, "instalment_min_minor_units": 1.5},
        "tenant": "all",
    }
    problem = await _is_refused(intake, await intake.staff("/v1/creditors", body), 422, "invalid_request")
    assert {error["pointer"] for error in problem["errors"]} == {
        "/name",
        "/licence_expires_on",
        "/jurisdiction",
        "/mandate/discount_max_basis_points",
        "/mandate/term_months_max",
        "/mandate/instalment_min_minor_units",
        "/mandate/pause_months_max",
        "/tenant",
    }


async def test_no_problem_repeats_what_was_sent(intake: Intake, harbour: Lender) -> None:
    for response in (
        await intake.staff("/v1/creditors", {"name": "Canary", "mandate": "canary"}),
        await harbour.post("/v1/cases/canary/recall", {"reason": "canary"}),
        await harbour.post("/v1/payments", {"payments": "canary"}),
        await harbour.get("/v1/cases?status=canary&cursor=canary"),
    ):
        assert response.status_code == 422
        assert "canary" not in response.text.lower()
