"""What the legal track is given by outreach: signed hand-overs whose proof holds over there, and the record of a case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from services.negotiation.adapters.outreach import OutreachHandovers
from services.negotiation.application.legal_ports import Handover, OutreachAway
from services.negotiation.domain.legal.grounds import NotLawful, digest
from services.negotiation.domain.legal.ladder_proof import LadderProof
from services.outreach.application.hand_over_to_legal import prepare_handover, sign_handover, withdraw_handover
from services.outreach.main import create_service
from shared.kernel.identifiers import new_id
from shared.service.app import build_app
from shared.service.service import Platform
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_escalation import climbed, tried


@pytest.fixture
async def outreach(desk: Desk) -> AsyncIterator[OutreachHandovers]:
    """Outreach as the legal track calls it: over its signed interface."""
    platform = Platform("api", desk.databases.clock, desk.databases.api)
    app = build_app(create_service(), platform, resources=desk.resources)
    app.state.resources = desk.resources
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        secret = desk.resources.desks.service_secret
        yield OutreachHandovers(client, secret, desk.databases.clock, "http://outreach")


async def signed(desk: Desk) -> Any:
    case_id = await climbed(desk)
    await tried(desk, case_id, "visit", "no_answer", 8)
    handover = await prepare_handover(desk.resources, "planner.wu", case_id)
    return await sign_handover(desk.resources, "counsel.he", handover.handover_id, "paper/2026-7")


def proof_of(given: Handover, **changes: Any) -> LadderProof:
    values = {
        "handover_id": given.handover_id,
        "case_id": given.case_id,
        "document": given.proof,
        "hash": given.proof_hash,
        "prepared_by": given.prepared_by,
        "signed_by": given.signed_by,
        "signed_at": given.signed_at,
    }
    return LadderProof(**{**values, **changes})


async def test_a_signed_hand_over_is_proven_again_by_the_legal_track(desk: Desk, outreach: OutreachHandovers) -> None:
    handover = await signed(desk)
    (given,) = await outreach.since(desk.now - timedelta(hours=1), None, 50)
    proof = proof_of(given)
    assert proof.handover_id == handover.handover_id
    assert [rung.rung for rung in proof.rungs] == ["reminder", "call", "letter", "visit"]
    changed = given.proof.replace("no_answer", "delivered", 1)
    with pytest.raises(NotLawful):
        proof_of(given, document=changed)
    with pytest.raises(NotLawful):
        proof_of(given, document=changed, hash=digest(changed))


async def test_pages_go_on_behind_the_last_one_and_leave_nothing_out(desk: Desk, outreach: OutreachHandovers) -> None:
    first, second = await signed(desk), await signed(desk)
    since = desk.now - timedelta(hours=1)
    page = await outreach.since(since, None, 1)
    rest = await outreach.since(since, page[0].handover_id, 50)
    assert {h.handover_id for h in (*page, *rest)} == {first.handover_id, second.handover_id}
    assert await outreach.since(since, rest[-1].handover_id, 50) == []
    assert await outreach.since(desk.now + timedelta(seconds=1), None, 50) == []


async def test_a_hand_over_taken_back_says_so_and_is_given_no_more(desk: Desk, outreach: OutreachHandovers) -> None:
    handover = await signed(desk)
    assert await outreach.state(handover.handover_id) == "signed"
    await withdraw_handover(desk.resources, handover.handover_id, "paid")
    assert await outreach.state(handover.handover_id) == "withdrawn"
    assert await outreach.since(desk.now - timedelta(hours=1), None, 50) == []


async def test_the_record_of_a_case_is_the_same_each_time_and_names_nobody(
    desk: Desk, outreach: OutreachHandovers
) -> None:
    handover = await signed(desk)
    record = await outreach.record(handover.case_id)
    desk.databases.clock.advance(timedelta(minutes=1))
    assert await outreach.record(handover.case_id) == record
    told = orjson.loads(record)
    assert len(orjson.loads(told["pack"])["contacts"]) == 5
    assert digest(told["pack"]) == told["pack_sha256"]


async def test_nobody_else_is_given_anything(desk: Desk, outreach: OutreachHandovers) -> None:
    stranger = OutreachHandovers(outreach._client, b"another secret", desk.databases.clock, "http://outreach")
    for asked in (stranger.state(new_id()), stranger.record(new_id()), stranger.since(desk.now, None, 1)):
        with pytest.raises(OutreachAway):
            await asked
