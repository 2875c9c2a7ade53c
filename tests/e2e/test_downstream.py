"""A system outside: what it can follow with any Kafka client, and the trace of what it caused."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import jsonschema
import pytest

from deploy.local.folder import REPOSITORY, LocalFolder
from deploy.local.stack import Stack, StackOptions
from shared.kernel.clock import SandboxClock
from shared.kernel.identifiers import new_id
from shared.service.links import make_token
from shared.service.settings import SANDBOX_SECRET
from tests.bench.placements import MIDDAY, bodies, signed_headers
from tests.bench.platform import CREDITOR, PLACEMENTS

ACCOUNT_NUMBER = "BENCH-00000001"
WITHIN_S = 60.0
SERVICES = {"intake", "assessment", "outreach", "negotiation", "reporting"}
EDGES = {
    ("intake", "assessment"),
    ("assessment", "outreach"),
    ("assessment", "negotiation"),
    ("outreach", "reporting"),
}
"""What must be heard from whom within one trace."""
SCHEMA = REPOSITORY / "docs" / "generated" / "events" / "plan.agreed.schema.json"

PLAIN_PYTHON = """
import asyncio, json, sys
from aiokafka import AIOKafkaConsumer

async def main(bootstrap):
    place = {"bootstrap_servers": bootstrap, "group_id": "my-system", "auto_offset_reset": "earliest"}
    plans = AIOKafkaConsumer("plan.agreed", **place)
    await plans.start()
    message = await asyncio.wait_for(plans.getone(), 30)
    await plans.stop()
    print(json.dumps([{n: v.decode() for n, v in message.headers}, json.loads(message.value)]))

asyncio.run(main(sys.argv[1]))
"""


@dataclass(frozen=True)
class Agreed:
    """One case on its way from a lender's POST to an agreed plan, and where it may be looked at."""

    stack: Stack
    case_id: UUID
    trace_id: str
    terms_hash: str


@pytest.fixture(scope="module")
async def agreed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Agreed]:
    clock = tmp_path_factory.mktemp("clock") / "now"
    SandboxClock.create(clock, MIDDAY)
    folder = LocalFolder.main().part(f"e2e-{os.getpid()}")
    async with Stack(StackOptions(folder=folder, service_environment={"SANDBOX_CLOCK_FILE": str(clock)})) as stack:
        trace_id = new_id().hex
        case_id = await _place(stack, trace_id)
        await _is_decided_about(stack, case_id)
        plan = await _agree(stack, case_id)
        yield Agreed(stack, case_id, trace_id, plan["terms_hash"])
    shutil.rmtree(folder.root, ignore_errors=True)


async def _place(stack: Stack, trace_id: str) -> UUID:
    async with httpx.AsyncClient(base_url=stack.addresses["intake"], timeout=30) as lender:
        staff = {"Authorization": f"Bearer {SANDBOX_SECRET}"}
        onboarded = (await lender.post("/v1/creditors", json=CREDITOR, headers=staff)).raise_for_status().json()
        (body,) = bodies(1, 1, 1)
        headers = signed_headers(onboarded["key_id"], onboarded["secret"], MIDDAY, PLACEMENTS, body, "first")
        headers["traceparent"] = f"00-{trace_id}-00f067aa0ba902b7-01"
        placed = (await lender.post(PLACEMENTS, content=body, headers=headers)).raise_for_status().json()
        return UUID(placed["records"][0]["case_id"])


async def _is_decided_about(stack: Stack, case_id: UUID) -> None:
    """The first contact is decided about: it belongs to the trace of the placement, what follows does not."""
    staff = {"Authorization": f"Bearer {SANDBOX_SECRET}"}
    deadline = time.monotonic() + WITHIN_S
    async with httpx.AsyncClient(base_url=stack.addresses["outreach"], timeout=30) as agency:
        while time.monotonic() < deadline:
            answer = await agency.get(f"/v1/cases/{case_id}/contacts", headers=staff)
            if answer.status_code == 200 and answer.json()["contacts"]:
                return
            await asyncio.sleep(0.1)
    raise AssertionError("no contact was decided about")


async def _agree(stack: Stack, case_id: UUID) -> dict[str, Any]:
    token = make_token(SANDBOX_SECRET.encode(), case_id, MIDDAY + timedelta(days=30))
    async with httpx.AsyncClient(base_url=stack.addresses["negotiation"], timeout=30) as borrower:
        await _case_is_known(borrower, token)
        entered = await borrower.post("/v1/borrower/sessions", json={"token": token, "factor": ACCOUNT_NUMBER})
        borrower.headers["Authorization"] = f"Bearer {entered.raise_for_status().json()['access_token']}"
        offers = await _offers(borrower, "/v1/borrower/case")
        chosen = offers[0]
        answer = await borrower.post(
            f"/v1/borrower/offers/{chosen['offer_id']}/accept",
            json={"terms_hash": chosen["terms_hash"]},
            headers={"Idempotency-Key": "yes"},
        )
        plan: dict[str, Any] = answer.raise_for_status().json()
        return plan


async def _case_is_known(borrower: httpx.AsyncClient, token: str) -> None:
    """A link to a case that has not been heard of yet opens nothing, and costs nothing."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        if (await borrower.post("/v1/borrower/questions", json={"token": token})).status_code == 200:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the case is not known to negotiation")


async def _offers(borrower: httpx.AsyncClient, address: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        answer = await borrower.get(address)
        if answer.status_code == 200 and answer.json()["offers"]:
            offers: list[dict[str, Any]] = answer.json()["offers"]
            return offers
        await asyncio.sleep(0.1)
    raise AssertionError("no offers were prepared")


def _is_as_published(body: dict[str, Any], agreed: Agreed) -> None:
    jsonschema.validate(body, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert body["case_id"] == str(agreed.case_id)
    assert body["terms_hash"] == agreed.terms_hash


async def test_a_plain_python_program_elsewhere_reads_a_plan_by_the_published_schema(
    agreed: Agreed, tmp_path: Path
) -> None:
    program = tmp_path / "follow.py"
    program.write_text(PLAIN_PYTHON, encoding="utf-8")
    # -I: neither this repository nor PYTHONPATH is on the path.
    command = [sys.executable, "-I", str(program), agreed.stack.kafka_bootstrap]
    done = await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    attributes, body = json.loads(done.stdout)
    assert (attributes["ce_type"], attributes["ce_specversion"]) == ("plan.agreed", "1.0")
    assert attributes["ce_partitionkey"] == str(agreed.case_id)
    _is_as_published(body, agreed)


async def test_kcat_reads_the_same(agreed: Agreed) -> None:
    if shutil.which("kcat") is None:
        pytest.skip("kcat is not installed here (Debian: apt-get install kcat)")
    command = [
        "kcat",
        "-b",
        agreed.stack.kafka_bootstrap,
        "-t",
        "plan.agreed",
        "-C",
        "-e",
        "-q",
        "-o",
        "beginning",
        "-f",
        "%s\n",
    ]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
    _is_as_published(json.loads(done.stdout.splitlines()[0]), agreed)


async def test_one_trace_goes_from_the_lenders_post_through_all_five_services(agreed: Agreed) -> None:
    address = f"{agreed.stack.addresses['traces']}/api/v2/trace/{agreed.trace_id}"
    spans: list[dict[str, Any]] = []
    deadline = time.monotonic() + WITHIN_S
    async with httpx.AsyncClient(timeout=30) as zipkin:
        while time.monotonic() < deadline and not _edges(spans) >= EDGES:
            answer = await zipkin.get(address)
            spans = answer.json() if answer.status_code == 200 else []
            await asyncio.sleep(0.25)
    assert _edges(spans) >= EDGES
    assert {span["localEndpoint"]["serviceName"] for span in spans} == SERVICES
    ids = {span["id"] for span in spans}
    roots = [span for span in spans if span.get("parentId") not in ids]
    assert {(root["localEndpoint"]["serviceName"], root["name"]) for root in roots} == {
        ("intake", "post /v1/placements")
    }


def _edges(spans: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Which service's spans have spans of which service below them."""
    by_id = {span["id"]: span for span in spans}
    return {
        (by_id[span["parentId"]]["localEndpoint"]["serviceName"], span["localEndpoint"]["serviceName"])
        for span in spans
        if span.get("parentId") in by_id
    }
