"""Intake says whose signed request it is, to services alone, and never gives a key away."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from tests.integration.intake.conftest import Intake, Lender

VERIFY = "/internal/v1/signatures/verify"
PATH = "/v1/lender/approvals?status=open"


def as_received(lender: Lender, raw: bytes = b"", **changes: str) -> dict[str, Any]:
    headers = lender.signature("POST", PATH, raw)
    return {
        "key_id": headers["Concord-Key-Id"],
        "timestamp": headers["Concord-Timestamp"],
        "signature": headers["Concord-Signature"],
        "method": "POST",
        "path": PATH,
        "body": base64.b64encode(raw).decode(),
        **changes,
    }


async def test_a_lenders_signature_names_the_lender(intake: Intake, harbour: Lender, morning: Lender) -> None:
    for lender in (harbour, morning):
        answer = (await intake.service(VERIFY, as_received(lender, b'{"decision":"approve"}'))).json()
        assert (answer["creditor_id"], answer["code"]) == (lender.creditor_id, None)


async def test_a_changed_request_is_nobodys(intake: Intake, harbour: Lender, morning: Lender) -> None:
    changes = [
        {"path": "/v1/lender/mandates"},
        {"method": "GET"},
        {"body": base64.b64encode(b"other").decode()},
        {"key_id": morning.key_id},
        {"key_id": "lender:unknown"},
        {"signature": "v1=" + "0" * 64},
    ]
    for change in changes:
        answer = (await intake.service(VERIFY, as_received(harbour, b"{}", **change))).json()
        assert answer == {"creditor_id": None, "code": "signature_wrong"}, change


async def test_a_signature_ages_out_by_the_clock_it_was_made_by(intake: Intake, harbour: Lender) -> None:
    fresh = as_received(harbour)
    harbour.clock.advance(timedelta(seconds=300))
    assert (await intake.service(VERIFY, fresh)).json()["creditor_id"] == harbour.creditor_id
    harbour.clock.advance(timedelta(seconds=1))
    assert (await intake.service(VERIFY, fresh)).json() == {"creditor_id": None, "code": "stale_timestamp"}


async def test_only_a_service_may_ask_whose_signature_it_is(intake: Intake, harbour: Lender) -> None:
    asked = as_received(harbour)
    refused = [
        await intake.service(VERIFY, asked, secret=b"another secret"),
        await harbour.post(VERIFY, asked),
        await intake.staff(VERIFY, asked),
    ]
    assert [r.status_code for r in refused] == [401, 401, 401]


async def test_a_body_that_is_no_base64_is_refused(intake: Intake, harbour: Lender) -> None:
    answer = await intake.service(VERIFY, as_received(harbour, body="no base64!"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body")
