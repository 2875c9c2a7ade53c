"""Templates, texts, codes and letters against a real database: published by two people, sent only when clean."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from pypdf import PdfReader

from services.outreach.adapters.channels.letters import LetterChannel
from services.outreach.adapters.genuine_command import run as check_genuine
from services.outreach.adapters.letters.press import TypstPress
from services.outreach.adapters.shipped_templates import shipped_templates
from services.outreach.application.contact_ports import Addressee, Message
from services.outreach.application.feed_queue import feed_queue
from services.outreach.application.publish_code_lists import publish_code_lists
from services.outreach.application.show_sent_texts import show_letter, throw_letters_away
from services.outreach.main import create_service
from shared.kernel.refusal import NotFound
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.integration.outreach.desk import Desk, PretendCarriers
from tests.support.events import case_received

MIA = {"Authorization": f"Bearer {SANDBOX_SECRET}", "X-Staff-Id": "mia"}
NOOR = {**MIA, "X-Staff-Id": "noor"}
SMS = next(version for version in shipped_templates() if version.code == "reminder_sms")
PROPOSAL: dict[str, Any] = {
    "code": "reminder_email",
    "channel": "email",
    "purpose": "reminder",
    "texts": {
        name: {"subject": text.subject, "body": text.body + ("Kind regards" if name == "en" else "此致敬礼")}
        for name, text in next(each for each in shipped_templates() if each.code == "reminder_email").texts.items()
    },
}


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    platform = Platform("api", desk.databases.clock, desk.databases.api)
    async with desk.as_api():
        app = build_app(create_service(), platform, resources=desk.resources)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://outreach") as opened,
    ):
        yield opened


async def test_the_shipped_templates_are_approved_from_the_start(client: httpx.AsyncClient) -> None:
    found = (await client.get("/v1/templates", params={"state": "approved"}, headers=MIA)).json()["templates"]
    assert {entry["reference"] for entry in found} == {version.reference for version in shipped_templates()}
    assert all(entry["made_by"] != entry["checked_by"] for entry in found)
    letters = await client.get("/v1/templates", params={"channel": "letter", "code": "letter_letter"}, headers=MIA)
    assert [entry["content_hash"] for entry in letters.json()["templates"]] == [
        next(version for version in shipped_templates() if version.code == "letter_letter").content_hash
    ]


async def test_a_version_that_another_approves_is_what_is_sent_from_the_next_batch_on(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    await desk.open_case()
    await desk.sweep()
    assert (await desk.attempts())[0]["template"] == "reminder_email.v1"
    made = await client.post("/v1/templates", json=PROPOSAL, headers=MIA)
    assert (made.status_code, made.json()["state"], made.json()["version"]) == (201, "draft", 2)
    path = "/v1/templates/reminder_email/versions/2"
    refused = await client.post(f"{path}/approve", headers=MIA)
    assert (refused.status_code, refused.json()["code"]) == (403, "maker_is_checker")
    approved = await client.post(f"{path}/approve", headers=NOOR)
    assert (approved.status_code, approved.json()["checked_by"]) == (200, "noor")
    assert (await client.post(f"{path}/approve", headers=NOOR)).status_code == 409
    first = (await client.get("/v1/templates/reminder_email/versions/1", headers=MIA)).json()
    assert (first["state"], first["retired_by"]) == ("retired", "noor")
    await desk.open_case()
    await desk.sweep()
    newest = (await desk.attempts())[-1]
    assert newest["template"] == "reminder_email.v2"
    assert "Kind regards" in desk.carriers.texts[newest["attempt_id"]].text
    assert (await desk.said("contact.attempted"))[-1]["template"] == "reminder_email.v2"


async def test_a_proposal_that_lacks_things_is_refused_with_all_of_them(client: httpx.AsyncClient) -> None:
    texts = {"en": {"subject": "", "body": "Pay or you will be arrested."}, "zh": {"subject": "", "body": "您好"}}
    refused = await client.post("/v1/templates", json={**PROPOSAL, "texts": texts}, headers=MIA)
    assert refused.status_code == 422
    found = {(reason["code"], reason["pointer"]) for reason in refused.json()["errors"]}
    assert ("conduct.threat", "/texts/en/body") in found
    assert ("template_lacks.complaint_route", "/texts/zh/body") in found
    assert len(found) > 20
    assert (await client.get("/v1/templates/reminder_email/versions/2", headers=MIA)).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong", "X-Staff-Id": "mia"}])
async def test_templates_are_for_staff(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.get("/v1/templates", headers=headers)).status_code == 401
    assert (await client.post("/v1/templates", json=PROPOSAL, headers=headers)).status_code == 401


async def test_who_proposes_says_who_they_are(client: httpx.AsyncClient) -> None:
    nameless = {"Authorization": MIA["Authorization"]}
    assert (await client.post("/v1/templates", json=PROPOSAL, headers=nameless)).status_code == 422


async def test_a_step_whose_templates_are_all_retired_sends_nothing_and_waits(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    for code in ("reminder_email", "reminder_sms"):
        assert (await client.post(f"/v1/templates/{code}/versions/1/retire", headers=MIA)).status_code == 200
    case_id = await desk.open_case()
    await desk.sweep()
    assert await desk.attempts() == []
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] == desk.now + timedelta(days=1)


async def sent(desk: Desk, **changes: Any) -> dict[str, Any]:
    """The row of a text that has just left."""
    await desk.open_case(**changes)
    await desk.sweep()
    (row,) = await desk.rows("SELECT * FROM sent_texts")
    return row


async def test_what_was_sent_can_be_shown_again_and_is_the_same(desk: Desk, client: httpx.AsyncClient) -> None:
    row = await sent(desk)
    message = desk.carriers.texts[row["attempt_id"]]
    assert row["content_hash"] == sha256(f"{message.subject}\n{message.text}".encode()).hexdigest()
    assert (await desk.said("contact.attempted"))[0]["content_hash"] == row["content_hash"]
    assert row["code"] in message.text
    assert "Avery" not in row["variables"]
    desk.databases.clock.advance(timedelta(days=40))
    shown = (await client.get(f"/v1/attempts/{row['attempt_id']}/text", headers=MIA)).json()
    assert (shown["text"], shown["subject"], shown["is_same"]) == (message.text, message.subject, True)


async def test_a_name_that_changed_since_makes_it_another_text(
    desk: Desk, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await sent(desk)

    async def reveal(wanted: dict[UUID, Any]) -> dict[UUID, Addressee]:
        return {point: Addressee(point, "x@example.com", "Avery Birch", "en", "Harbour Credit") for point in wanted}

    monkeypatch.setattr(desk.vault, "reveal", reveal)
    shown = (await client.get(f"/v1/attempts/{row['attempt_id']}/text", headers=MIA)).json()
    assert shown["is_same"] is False
    desk.vault.is_away = True


async def test_a_refused_text_is_not_sent_and_a_person_gets_it(
    desk: Desk, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A creditor whose name is an insult: the template is fine, the text is not."""

    async def reveal(wanted: dict[UUID, Any]) -> dict[UUID, Addressee]:
        return {point: Addressee(point, "x@example.com", "Avery", "en", "Deadbeat Recovery") for point in wanted}

    monkeypatch.setattr(desk.vault, "reveal", reveal)
    case_id = await desk.open_case()
    await desk.sweep()
    assert desk.carriers.asked_for == []
    assert await desk.said("contact.attempted") == []
    assert (await desk.attempts())[0]["state"] == "released"
    assert await desk.rows("SELECT * FROM sent_texts") == []
    found = (await client.get("/v1/refused-texts", headers=MIA)).json()["refused_texts"]
    assert [(entry["case_id"], entry["rules"]) for entry in found] == [(str(case_id), ["en_names"])]
    await feed_queue(desk.resources)
    items = await desk.rows("SELECT kind, case_id FROM work_items WHERE kind = 'refused_text' AND done_at IS NULL")
    assert [item["case_id"] for item in items] == [case_id]
    path = f"/v1/refused-texts/{found[0]['attempt_id']}/resolve"
    assert (await client.post(path, headers=NOOR)).json()["resolved_by"] == "noor"
    assert (await client.post(path, headers=NOOR)).status_code == 404
    await feed_queue(desk.resources)
    assert await desk.rows("SELECT 1 FROM work_items WHERE kind = 'refused_text' AND done_at IS NULL") == []


async def test_anybody_can_check_a_code_and_learns_nothing_of_anybody(desk: Desk, client: httpx.AsyncClient) -> None:
    row = await sent(desk)
    day = row["issued_on"].isoformat()
    found = await client.get(f"/v1/genuine/{row['code']}")
    assert found.json() == {"is_genuine": True, "answer": "genuine", "issued_on": day, "kind": "email"}
    other = await client.get(f"/v1/genuine/{row['code']}", params={"received_on": "2026-03-03"})
    assert other.json()["answer"] == "other_day"
    wrong = row["code"][:-1] + ("A" if row["code"][-1] != "A" else "B")
    assert (await client.get(f"/v1/genuine/{wrong}")).json()["answer"] == "not_readable"


async def test_the_code_of_a_text_that_never_left_is_not_ours(desk: Desk, client: httpx.AsyncClient) -> None:
    desk.carriers.is_down = True
    row = await sent(desk)
    assert (await client.get(f"/v1/genuine/{row['code']}")).json()["answer"] == "unknown_code"


async def test_a_code_is_checked_offline_with_the_published_key_and_the_list_of_its_day(
    desk: Desk, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    row = await sent(desk)
    day = row["issued_on"]
    assert (await client.get(f"/v1/genuine/lists/{day}")).status_code == 404
    assert await publish_code_lists(desk.resources) == 0
    desk.databases.clock.advance(timedelta(days=1, hours=2))
    assert await publish_code_lists(desk.resources) == 1
    assert await publish_code_lists(desk.resources) == 0
    assert (await client.get("/v1/genuine/lists")).json() == {"days": [day.isoformat()]}
    published = (await client.get(f"/v1/genuine/lists/{day}")).content
    keys, lists, text = tmp_path / "keys.json", tmp_path / "list.json", tmp_path / "text"
    keys.write_bytes((await client.get("/.well-known/concord-keys.json")).content)
    lists.write_bytes(published)
    text.write_text(desk.carriers.texts[row["attempt_id"]].text, "utf-8")
    words = [row["code"], "--key", str(keys), "--list", str(lists), "--text", str(text)]
    assert check_genuine(words, desk.now.date()) == (0, f"genuine ({day.isoformat()})")
    assert row["code"].encode() not in published
    text.write_text(text.read_text("utf-8").replace("Harbour", "Granite"), "utf-8")
    assert check_genuine(words, desk.now.date())[0] == 1


async def test_the_full_token_of_a_mail_proves_it_without_any_list(desk: Desk, tmp_path: Path) -> None:
    row = await sent(desk)
    message = desk.carriers.texts[row["attempt_id"]]
    keys, text = tmp_path / "keys.json", tmp_path / "text"
    keys.write_bytes(orjson.dumps(desk.resources.content.genuineness.published_keys()))
    text.write_text(message.text, "utf-8")
    address = next(word for word in message.text.split() if "?code=" in word)
    status, line = check_genuine([address, "--key", str(keys), "--text", str(text)], desk.now.date())
    assert (status, line) == (0, f"genuine (email, {row['issued_on'].isoformat()})")


async def test_the_page_checks_a_code_without_a_script_in_both_languages(desk: Desk, client: httpx.AsyncClient) -> None:
    row = await sent(desk)
    text = desk.carriers.texts[row["attempt_id"]].text
    page = await client.get("/genuine", params={"code": row["code"]}, headers={"Accept-Language": "zh-CN"})
    assert "该编码由我们签发" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    proven = await client.post("/genuine", data={"code": row["code"], "text": text, "lang": "en"})
    assert "Yes. We issued this code." in proven.text
    altered = await client.post("/genuine", data={"code": row["code"], "text": text + "!", "lang": "en"})
    assert "the text is not the one" in altered.text
    hostile = await client.get("/genuine", params={"code": '"><img src=x>', "lang": "en"})
    assert "<img" not in hostile.text


class LettersToFolder(PretendCarriers):
    """Letters are dropped into the folder; nothing else comes here."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._letters = LetterChannel(folder)

    async def send(self, messages: Sequence[Message], *others: Any) -> dict[UUID, str]:
        return await self._letters.send(messages)


async def test_a_letter_is_printed_sealed_dropped_once_and_thrown_away_in_time(desk: Desk, tmp_path: Path) -> None:
    content = desk.resources.content
    press = TypstPress(content.agency, "complaints@example.com")
    desk.resources = replace(
        desk.resources,
        content=replace(content, press=press, letter_days=30),
        channels=LettersToFolder(tmp_path),
    )
    postal = case_received().contact_points[0].model_copy(update={"kind": "postal", "place": "home"})
    case_id = await desk.open_case("care", contact_points=(postal,))
    await desk.run("UPDATE contact_plans SET step = 1, due_at = $2 WHERE case_id = $1", case_id, desk.now)
    await desk.sweep()
    (attempt,) = await desk.attempts()
    assert (attempt["channel"], attempt["outcome"]) == ("letter", "sent")
    job = orjson.loads((tmp_path / "jobs" / f"{attempt['attempt_id']}.json").read_bytes())
    pdf = (tmp_path / job["file"]).read_bytes()
    (row,) = await desk.rows("SELECT * FROM sent_texts")
    assert row["letter_hash"] == job["sha256"] == sha256(pdf).hexdigest()
    assert row["code"] in PdfReader(BytesIO(pdf)).pages[0].extract_text()
    (kept,) = await desk.rows("SELECT sealed FROM letters")
    assert b"%PDF" not in kept["sealed"]
    assert await show_letter(desk.resources, attempt["attempt_id"]) == pdf
    desk.databases.clock.advance(timedelta(days=29))
    assert await throw_letters_away(desk.resources) == 0
    desk.databases.clock.advance(timedelta(days=1))
    assert await throw_letters_away(desk.resources) == 1
    with pytest.raises(NotFound):
        await show_letter(desk.resources, attempt["attempt_id"])


async def test_free_words_of_staff_are_read_with_spans_and_reasons(client: httpx.AsyncClient) -> None:
    text = "您好。再不还就让你坐牢。"
    answer = await client.post("/v1/conduct-checks", json={"text": text, "language": "zh"}, headers=MIA)
    (finding,) = answer.json()["findings"]
    assert text[finding["start"] : finding["end"]] == "坐牢"
    assert finding["reason"] == "以拘捕或坐牢相威胁"
    turns = [{"speaker": "borrower", "text": text}, {"speaker": "agent", "text": "Nobody will be arrested."}]
    assert (await client.post("/v1/conduct-checks", json={"turns": turns}, headers=MIA)).json()["is_clean"] is True


async def test_a_validation_notice_adds_up_or_is_not_sent_and_is_sent_once(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    """12 CFR 1006.34(c)(2)."""
    postal = case_received().contact_points[0].model_copy(update={"kind": "postal", "place": "home"})
    case_id = await desk.open_case(contact_points=(postal,))
    (owed,) = await desk.rows("SELECT principal_minor_units + interest_minor_units + fees_minor_units AS n FROM cases")
    body = {
        "notice_id": "01900000-0000-7000-8000-0000000000d1",
        "itemized_on": "2025-06-01",
        "total_minor_units": owed["n"] + 10_000,
        "interest_minor_units": 0,
        "fees_minor_units": 0,
        "payments_minor_units": 10_000,
        "credits_minor_units": 0,
        "first_creditor": "Granite Bank",
        "account_ending": "4471",
    }
    path = f"/v1/cases/{case_id}/validation-notices"
    wrong = await client.post(path, json={**body, "credits_minor_units": 1}, headers=MIA)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "itemization_does_not_add_up")
    answers = [await client.post(path, json=body, headers=MIA) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    (message,) = desk.carriers.texts.values()
    assert "9 April 2026" in message.text  # one day to the print house, five working days to arrive, thirty to answer
    assert "4471" in message.text
    (row,) = await desk.rows("SELECT variables, kind FROM sent_texts")
    assert "4471" not in row["variables"]
    assert row["kind"] == "validation_notice"
