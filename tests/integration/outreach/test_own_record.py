"""A borrower's own record of our conduct: every contact, every blocked one with words, the proof, and their wishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from services.outreach.application import give_own_record
from services.outreach.verifier.export import Export
from services.outreach.verifier.verify import verify
from shared.kernel.identifiers import new_id
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import sign
from tests.integration.outreach.test_http import Api
from tests.integration.outreach.test_http import api as api
from tests.integration.outreach.test_preferences import person_of
from tests.integration.outreach.test_proof import live

__all__ = ["api"]


async def ask(api: Api, path: str, document: Any = None, *, key_id: str = "service:negotiation") -> httpx.Response:
    body = b"" if document is None else orjson.dumps(document)
    method = "GET" if document is None else "POST"
    secret = SANDBOX_SECRET.encode()
    headers = sign(secret, key_id=key_id, at=api.desk.now, method=method, path=path, body=body)
    return await api.client.request(method, path, content=body, headers={**headers, "Content-Type": "application/json"})


async def test_every_contact_and_every_blocked_one_is_told_in_words(api: Api) -> None:
    [case_id] = await live(api.desk, 1, 4)
    answer = await ask(api, f"/internal/v1/cases/{case_id}/contact-log")
    assert answer.headers["Cache-Control"] == "no-store"
    contacts = answer.json()["contacts"]
    assert {contact["kind"] for contact in contacts} >= {"attempt", "denial"}
    for contact in contacts:
        assert bool(contact["reasons"]) == (contact["verdict"] != "allow")
        for reason in contact["reasons"]:
            assert reason["en"]
            assert reason["zh"]
            assert reason["clause"]


async def test_the_proof_of_a_case_is_that_case_alone_and_the_verifier_accepts_it(api: Api, tmp_path: Path) -> None:
    mine, other = await live(api.desk, 2, 4)
    answer = await ask(api, f"/internal/v1/cases/{mine}/proof")
    assert answer.headers["Content-Type"] == "application/zip"
    target = tmp_path / "decisions.zip"
    target.write_bytes(answer.content)
    export = Export(target)
    verified = verify(export, 1, lambda done, of: None)
    assert verified.is_intact, verified.differences
    (kept,) = await api.desk.rows("SELECT count(*) AS n FROM decisions WHERE case_id = $1", mine)
    assert verified.decisions == kept["n"] > 0
    assert all(str(other).encode() not in line for line in export.lines("decisions/00001.jsonl"))


async def test_a_record_that_is_very_long_is_not_made_while_a_page_waits(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    [case_id] = await live(api.desk, 1, 2)
    (kept,) = await api.desk.rows("SELECT count(*) AS n FROM decisions WHERE case_id = $1", case_id)
    monkeypatch.setattr(give_own_record, "DECISIONS_MAX", kept["n"])
    assert (await ask(api, f"/internal/v1/cases/{case_id}/proof")).status_code == 200
    monkeypatch.setattr(give_own_record, "DECISIONS_MAX", kept["n"] - 1)
    assert (await ask(api, f"/internal/v1/cases/{case_id}/proof")).json()["code"] == "record_too_long"


async def test_a_person_writes_their_own_preferences(api: Api) -> None:
    person_id = await person_of(api.desk, await api.desk.open_case())
    url = f"/internal/v1/persons/{person_id}/preferences"
    entry = {"kind": "opt_out", "channel": "sms", "reference": "portal:1", "source": "portal"}
    assert (await ask(api, url, entry)).status_code == 201
    assert (await ask(api, url, entry)).status_code == 201
    ledger = (await ask(api, url)).json()
    assert [(e["kind"], e["recorded_by"]) for e in ledger["entries"]] == [("opt_out", "borrower")]
    assert ledger["current"]["opt_outs"] == [{"channel": "sms", "contact_point_id": None}]


async def test_a_complaint_in_ones_own_words_keeps_them_sealed_and_opens_it_once(api: Api) -> None:
    case_id = await api.desk.open_case()
    url = f"/internal/v1/cases/{case_id}/complaints"
    body = {"reference": "portal:2", "category": "frequency", "words": "You call my neighbour every day."}
    first, second = await ask(api, url, body), await ask(api, url, body)
    assert first.status_code == 201
    assert first.json() == second.json()
    [reply] = await api.desk.rows("SELECT * FROM replies WHERE case_id = $1", case_id)
    assert (reply["intent"], reply["classified_by"], reply["channel"]) == ("complaint", "person", "in_app")
    assert b"neighbour" not in bytes(reply["text_sealed"])
    assert [said["category"] for said in await api.desk.said("complaint.opened")] == ["frequency"]


async def test_words_that_speak_of_violence_freeze_everything_at_once(api: Api) -> None:
    case_id = await api.desk.open_case()
    body = {"reference": "portal:3", "category": "conduct", "words": "Your men came here and beat me up."}
    assert (await ask(api, f"/internal/v1/cases/{case_id}/complaints", body)).status_code == 201
    assert [said["category"] for said in await api.desk.said("conduct.alarmed")] == ["violence"]


PATHS = [
    "/internal/v1/cases/{id}/contact-log",
    "/internal/v1/cases/{id}/proof",
    "/internal/v1/persons/{id}/preferences",
]


async def test_nobody_but_the_borrowers_pages_may_ask_and_what_is_unknown_is_said(api: Api) -> None:
    known: UUID = await api.desk.open_case()
    for path in PATHS:
        assert (await api.client.get(path.format(id=known))).status_code == 401, path
        assert (await ask(api, path.format(id=known), key_id="service:intake")).status_code == 401, path
        assert (await ask(api, path.format(id=new_id()))).status_code == 404, path
