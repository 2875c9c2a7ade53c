"""Legal files over HTTP: counsel by their own token, lenders by their signature, and the bundle as one document."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader, PdfWriter

from services.negotiation.adapters.legal_bundle import PdfBundler
from services.negotiation.adapters.work import BeginWork
from services.negotiation.application.draw_legal_papers import draw_legal_papers
from services.negotiation.application.legal_ports import LegalDesk
from services.negotiation.application.lender_ports import SignedRequest
from services.negotiation.application.show_legal import legal_for_borrower
from services.negotiation.application.work_legal_file import add_document, collect_record
from services.negotiation.main import create_service
from shared.events.legal_advanced import LegalAdvanced
from shared.kernel.refusal import Unidentified
from shared.service.app import build_app
from shared.service.service import Platform
from tests.integration.negotiation.office import STAFF, Office
from tests.integration.negotiation.test_legal import KEY, OWED, SomeHandovers, Track
from tests.support.events import HARBOUR_CREDIT

CLERK = {**STAFF, "X-Staff-Id": "clerk.may"}
SIGNED = {"Concord-Key-Id": "harbour", "Concord-Timestamp": "1", "Concord-Signature": "v1=00"}


@dataclass(frozen=True)
class OneLender:
    """Whoever names the key `harbour` has signed as that lender."""

    creditor_id: UUID

    async def creditor_of(self, request: SignedRequest) -> UUID:
        if request.key_id != "harbour":
            raise Unidentified("signature_wrong", "no such key")
        return self.creditor_id


@dataclass
class Desk:
    track: Track
    api: httpx.AsyncClient

    async def counsel_token(self, counsel_id: str = "counsel.roe") -> str:
        body = {"counsel_id": counsel_id, "admitted_in": ["US"]}
        answer = await self.api.post("/v1/legal/counsel", json=body, headers={**STAFF, "X-Staff-Id": "lead.kim"})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
        return token

    async def see(self, legal_id: UUID) -> dict[str, Any]:
        answer = await self.api.get(f"/v1/legal/{legal_id}", headers=CLERK)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    async def sign(self, legal_id: UUID, token: str, step: str = "letter_before_action") -> httpx.Response:
        seen = (await self.see(legal_id))["contents_hash"]
        body = {"step": step, "decision": "approve", "reasons": ["read in full"], "contents_hash": seen}
        headers = {**STAFF, "X-Staff-Id": "counsel.roe", "X-Counsel-Token": token}
        return await self.api.post(f"/v1/legal/{legal_id}/signatures", json=body, headers=headers)

    async def step(self, legal_id: UUID, **body: Any) -> httpx.Response:
        return await self.api.post(f"/v1/legal/{legal_id}/steps", json=body, headers=CLERK)

    async def authority(self, legal_id: UUID, key: str = "harbour", **changes: Any) -> httpx.Response:
        body = {"steps": ["suit"], "amount_max_minor_units": OWED, "currency": "USD", **changes}
        headers = {**SIGNED, "Concord-Key-Id": key}
        return await self.api.post(f"/v1/lender/legal/{legal_id}/authority", json=body, headers=headers)


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    handovers = SomeHandovers()
    legal = LegalDesk(handovers=handovers, bundler=PdfBundler(), key=KEY)
    begin = BeginWork(office.databases.api)
    resources = replace(office.worker, begin=begin, legal=legal, lender_keys=OneLender(HARBOUR_CREDIT))
    platform = Platform("api", office.databases.clock, office.databases.api)
    app = build_app(create_service(), platform, resources=resources)
    app.state.resources = resources
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://negotiation") as api:
        yield Desk(Track(office, handovers, resources), api)


async def prepared(desk: Desk) -> tuple[UUID, UUID]:
    case_id, legal_id = await desk.track.open()
    await desk.track.prepare(legal_id)
    return case_id, legal_id


async def test_a_file_is_signed_sent_and_filed_over_the_api(desk: Desk) -> None:
    token = await desk.counsel_token()
    case_id, legal_id = await prepared(desk)
    assert (await desk.see(legal_id))["missing"] == {"letter_before_action": "not_signed"}
    assert (await desk.sign(legal_id, token)).status_code == 200
    assert (await desk.see(legal_id))["missing"] == {"letter_before_action": None}
    assert (await desk.step(legal_id, step="letter_before_action")).status_code == 200
    desk.track.office.advance(days=36)
    assert (await desk.authority(legal_id)).status_code == 200
    assert (await desk.sign(legal_id, token, "suit")).status_code == 200
    filed = await desk.step(legal_id, step="suit", amount_minor_units=OWED, reference="index 1/2026")
    assert (filed.status_code, filed.json()["state"]) == (200, "suit")
    assert [e.step for e in await desk.track.office.said(LegalAdvanced, case_id)] == ["letter_before_action", "suit"]


async def test_a_refusal_names_the_ground_that_is_missing(desk: Desk) -> None:
    _, legal_id = await prepared(desk)
    answer = await desk.step(legal_id, step="letter_before_action")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "not_signed")


async def test_the_staffs_token_signs_nothing(desk: Desk) -> None:
    token = await desk.counsel_token()
    _, legal_id = await prepared(desk)
    assert (await desk.sign(legal_id, "")).status_code == 401
    assert (await desk.sign(legal_id, token + "x")).status_code == 401
    ended = await desk.api.delete("/v1/legal/counsel/counsel.roe", headers=CLERK)
    assert ended.status_code == 204
    assert (await desk.sign(legal_id, token)).status_code == 401


async def test_nobody_registers_themselves_or_guesses_for_long(desk: Desk) -> None:
    body = {"counsel_id": "clerk.may", "admitted_in": ["US"]}
    assert (await desk.api.post("/v1/legal/counsel", json=body, headers=CLERK)).status_code == 403
    await desk.counsel_token()
    _, legal_id = await prepared(desk)
    assert [(await desk.sign(legal_id, "guess")).status_code for _ in range(6)] == [401] * 5 + [429]


async def test_authority_is_the_lenders_own_and_the_same_request_again_changes_nothing(desk: Desk) -> None:
    _, legal_id = await prepared(desk)
    first = (await desk.authority(legal_id)).json()
    assert (await desk.authority(legal_id)).json() == first
    assert (await desk.authority(legal_id, key="somebody")).status_code == 401
    assert (await desk.authority(legal_id, currency="GBP")).status_code == 403
    other = replace(desk.track.resources, lender_keys=OneLender(UUID(int=7)))
    platform = Platform("api", desk.track.office.databases.clock, desk.track.office.databases.api)
    app = build_app(create_service(), platform, resources=other)
    app.state.resources = other
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://negotiation") as api:
        assert (await replace(desk, api=api).authority(legal_id)).status_code == 403


async def test_files_are_listed_a_page_at_a_time(desk: Desk) -> None:
    opened = [(await desk.track.open())[1] for _ in range(3)]
    first = (await desk.api.get("/v1/legal?state=open&limit=2", headers=CLERK)).json()
    rest = (await desk.api.get(f"/v1/legal?limit=2&cursor={first['next_cursor']}", headers=CLERK)).json()
    assert [f["legal_id"] for f in (*first["files"], *rest["files"])] == sorted(str(i) for i in opened)
    assert rest["next_cursor"] is None
    assert (await desk.api.get("/v1/legal?state=suit", headers=CLERK)).json()["files"] == []
    assert (await desk.api.get("/v1/legal")).status_code == 401


def real_pdf(pages: int) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


async def test_the_bundle_is_one_indexed_document_that_is_the_same_each_time(desk: Desk) -> None:
    _, legal_id = await desk.track.open()
    assert await collect_record(desk.track.resources, legal_id)
    await draw_legal_papers(desk.track.resources, legal_id, "What this letter means", "You can answer.")
    await add_document(
        desk.track.resources, "clerk.may", legal_id, "contract", "Contract of 2025", "application/pdf", real_pdf(3)
    )
    answers = [await desk.api.get(f"/v1/legal/{legal_id}/bundle", headers=CLERK) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    desk.track.office.advance(days=1)
    assert (await desk.api.get(f"/v1/legal/{legal_id}/bundle", headers=CLERK)).content == answers[0].content
    pages = PdfReader(io.BytesIO(answers[0].content))
    index = pages.pages[0].extract_text() + pages.pages[1].extract_text()
    titles = [str(entry["/Title"]) for entry in pages.outline if not isinstance(entry, list)]
    assert titles[0] == "Contract"
    assert "Contract of 2025" in titles[-1]
    assert all(each.split(":")[0] in index for each in titles)
    # What belongs there and is not on file is said on the first page.
    assert "letter before action" in pages.pages[0].extract_text()
    chinese = await desk.api.get(f"/v1/legal/{legal_id}/bundle?language=zh", headers=CLERK)
    assert "证据册" in PdfReader(io.BytesIO(chinese.content)).pages[0].extract_text()


async def test_a_document_that_cannot_be_bound_is_said_and_not_left_out(desk: Desk) -> None:
    _, legal_id = await prepared(desk)
    answer = await desk.api.get(f"/v1/legal/{legal_id}/bundle", headers=CLERK)
    assert (answer.status_code, answer.json()["code"]) == (409, "bundle_not_made")


async def test_a_record_that_outreach_does_not_give_is_said_in_the_file(desk: Desk) -> None:
    _, legal_id = await desk.track.open()
    desk.track.handovers.is_away = True
    answer = await desk.api.post(f"/v1/legal/{legal_id}/record", headers=CLERK)
    assert answer.json() == {"is_available": False}
    notes = await desk.track.office.rows("SELECT body FROM legal_entries WHERE kind = 'note'")
    assert [note["body"] for note in notes] == [{"what": "contact_record"}]


async def test_the_borrower_sees_every_late_step_with_counsels_record(desk: Desk) -> None:
    token = await desk.counsel_token()
    case_id, legal_id = await prepared(desk)
    await desk.sign(legal_id, token)
    await desk.step(legal_id, step="letter_before_action")
    async with desk.track.resources.begin(case_id) as work:
        (seen,) = await legal_for_borrower(work, case_id)
    assert (seen.information, [record.decision for record in seen.counsel]) == ("letter_before_action", ["approve"])
    assert seen.respond_by == desk.track.office.now.date() + timedelta(days=35)
    desk.track.office.advance(days=3 * 365)
    async with desk.track.resources.begin(case_id) as work:
        (seen,) = await legal_for_borrower(work, case_id)
    assert (seen.information, seen.is_time_barred) == ("time_barred", True)


async def test_another_case_shows_nothing_of_it(desk: Desk) -> None:
    await desk.track.open()
    other = await desk.track.office.take_on()
    async with desk.track.resources.begin(other) as work:
        assert await legal_for_borrower(work, other) == []
    rows = "SELECT count(*) AS seen FROM legal_files"
    async with desk.track.office.databases.api.transaction() as transaction:
        assert await (await transaction.driver()).fetchval(rows) == 0
