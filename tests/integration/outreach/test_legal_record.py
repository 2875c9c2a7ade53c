"""What outreach gives the legal track: signed hand-overs whose proof holds over there, and the record of a case."""

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
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.legal_opened import LegalOpened
from shared.kernel.identifiers import new_id
from shared.service.app import build_app
from shared.service.service import Platform
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_escalation import climbed, tried
from tests.support.events import HARBOUR_CREDIT


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    platform = Platform("api", desk.databases.clock, desk.databases.api)
    app = build_app(create_service(), platform, resources=desk.resources)
    app.state.resources = desk.resources
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        yield client


@pytest.fixture
def outreach(desk: Desk, client: httpx.AsyncClient) -> OutreachHandovers:
    """Outreach as the legal track calls it: over its signed interface."""
    return OutreachHandovers(client, desk.resources.desks.service_secret, desk.databases.clock, "http://outreach")


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


async def test_nobody_else_is_given_anything(desk: Desk, client: httpx.AsyncClient) -> None:
    stranger = OutreachHandovers(client, b"another secret", desk.databases.clock, "http://outreach")
    for asked in (stranger.state(new_id()), stranger.record(new_id()), stranger.since(desk.now, None, 1)):
        with pytest.raises(OutreachAway):
            await asked


def told(desk: Desk, handover: Any) -> list[Any]:
    """What the legal track tells of a file, in the order in which it happened."""
    owner = {"case_id": handover.case_id, "creditor_id": HARBOUR_CREDIT, "legal_id": new_id()}
    opened = LegalOpened(
        **owner,
        handover_id=handover.handover_id,
        proof_hash="0" * 64,
        jurisdiction="CN",
        limitation_ends_on=None,
        opened_at=desk.now,
    )
    advanced = LegalAdvanced(
        **owner,
        step="mediation",
        counsel_signature_hash=None,
        documents_hash=None,
        respond_by=None,
        advanced_at=desk.now + timedelta(days=1),
    )
    closed = LegalClosed(**owner, outcome="settled", reasons=("plan_agreed",), closed_at=desk.now + timedelta(days=2))
    return [opened, advanced, closed]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2, 2, 1, 0), (2, 0, 1)])
async def test_a_files_end_uses_its_hand_over_up_in_whatever_order_it_is_told(
    desk: Desk, order: tuple[int, ...]
) -> None:
    handover = await signed(desk)
    events = told(desk, handover)
    for place in order:
        await desk.deliver(events[place])
    (mark,) = await desk.rows("SELECT step, is_closed, handover_id FROM legal_marks")
    assert (mark["step"], mark["is_closed"], mark["handover_id"]) == ("settled", True, handover.handover_id)
    (kept,) = await desk.rows("SELECT state, closed_because FROM legal_handovers")
    assert (kept["state"], kept["closed_because"]) == ("withdrawn", "legal_closed")


async def test_while_a_file_is_open_its_newest_step_is_shown_and_the_hand_over_stands(desk: Desk) -> None:
    handover = await signed(desk)
    opened, advanced, _ = told(desk, handover)
    await desk.deliver(advanced)
    await desk.deliver(opened)
    (mark,) = await desk.rows("SELECT step, is_closed FROM legal_marks")
    assert (mark["step"], mark["is_closed"]) == ("mediation", False)
    assert (await desk.rows("SELECT state FROM legal_handovers"))[0]["state"] == "signed"
