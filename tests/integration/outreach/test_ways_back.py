"""What comes back over HTTP: providers' own reports, the inbox for the portal, and one-click refusals of mail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog.testing

from services.outreach.adapters.channels.aliyun_sms import AliyunReports
from services.outreach.adapters.channels.inbox import InboxCarrier
from services.outreach.adapters.channels.twilio import REPORT_BYTES_MAX, TwilioAccount, TwilioReports
from services.outreach.adapters.channels.unsubscribe_links import UnsubscribeLinks
from services.outreach.application.channel_ports import Asked, ReportReader
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message
from services.outreach.main import create_service
from shared.kernel.identifiers import new_id
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import sign
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.fakes import twilio as fake
from tests.integration.outreach.test_replies import contacted
from tests.support.databases import MONDAY_MORNING as AT

PUBLIC = "https://outreach.example.com"
KEY = "k" * 32


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """The API with Twilio and Alibaba connected."""
    account = TwilioAccount(fake.SID, fake.TOKEN, "+12125550100", PUBLIC)
    readers: dict[str, ReportReader] = {"twilio": TwilioReports(account), "aliyun_sms": AliyunReports(KEY)}
    async with desk.as_api():
        resources = replace(desk.resources, ways_back=replace(desk.resources.ways_back, readers=readers))
        app = build_app(
            create_service(), Platform("api", desk.databases.clock, desk.databases.api), resources=resources
        )
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client,
        ):
            yield client


async def reported(client: httpx.AsyncClient, attempt_id: UUID, status: str, **more: str) -> int:
    target = f"/v1/receipts/twilio?attempt={attempt_id}"
    body, headers = fake.report(PUBLIC + target, {"MessageStatus": status}, more.get("token", fake.TOKEN))
    return (await client.post(more.get("target", target), content=body, headers=headers)).status_code


async def given_to(desk: Desk, provider: str) -> dict[str, Any]:
    """An attempt that was sent by this provider."""
    desk.carriers.outcome = "sent"
    _, attempt = await contacted(desk)
    assert attempt["provider"] == "pretended"
    await desk.run("UPDATE attempts SET provider = $1", provider)
    return attempt


async def outcome(desk: Desk) -> str:
    (attempt,) = await desk.attempts()
    return str(attempt["outcome"])


async def test_reports_of_twilio_come_twice_and_in_any_order_and_the_highest_stands(desk: Desk) -> None:
    attempt = await given_to(desk, "twilio")
    async with served(desk) as client:
        for status in ("delivered", "sent", "delivered", "undelivered"):
            assert await reported(client, attempt["attempt_id"], status) == 204
    assert await outcome(desk) == "delivered"


async def test_a_report_about_an_attempt_that_another_provider_has_changes_nothing(desk: Desk) -> None:
    attempt = await given_to(desk, "gateway")
    async with served(desk) as client:
        assert await reported(client, attempt["attempt_id"], "delivered") == 204
        assert await reported(client, new_id(), "delivered") == 204
    assert await outcome(desk) == "sent"


async def test_a_forged_report_is_refused_and_leaves_no_number_in_the_log(desk: Desk) -> None:
    attempt = await given_to(desk, "twilio")
    other = f"/v1/receipts/twilio?attempt={new_id()}"
    with structlog.testing.capture_logs() as logs:
        async with served(desk) as client:
            assert await reported(client, attempt["attempt_id"], "delivered", token="forged") == 401
            assert await reported(client, attempt["attempt_id"], "delivered", target=other) == 401
            big = b"To=%2B12125550123&" + b"a" * REPORT_BYTES_MAX
            assert (await client.post(other, content=big)).status_code == 422
            assert (await client.post("/v1/receipts/nobody", content=b"")).status_code == 404
    assert await outcome(desk) == "sent"
    assert "12125550123" not in str(logs)


async def test_alibabas_reports_are_answered_as_it_expects_whoever_they_are_about(desk: Desk) -> None:
    attempt = await given_to(desk, "aliyun_sms")
    entries = [{"out_id": str(each), "success": True} for each in (attempt["attempt_id"], new_id())]
    async with served(desk) as client:
        answer = await client.post(f"/v1/receipts/aliyun_sms?key={KEY}", json=entries)
        wrong = await client.post("/v1/receipts/aliyun_sms?key=guessed", json=entries)
    assert (answer.status_code, answer.json()["code"], wrong.status_code) == (200, 0, 401)
    assert await outcome(desk) == "delivered"


async def test_an_attempt_without_an_answer_is_settled_by_its_report_and_never_sent_again(desk: Desk) -> None:
    desk.carriers.answer = UNCLEAR
    await desk.open_case()
    await desk.sweep()
    (attempt,) = await desk.attempts()
    await desk.run("UPDATE attempts SET provider = 'twilio'")
    desk.carriers.can_look_up = False
    async with served(desk) as client:
        assert await reported(client, attempt["attempt_id"], "queued") == 204
    await desk.run("UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second'")
    await desk.recover()
    assert [said["outcome"] for said in await desk.said("contact.attempted")] == ["sent"]
    assert sum(desk.carriers.deliveries.values()) == 1


async def test_a_provider_that_finds_by_address_is_given_it_unless_the_vault_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.carriers.answer = UNCLEAR
    await desk.open_case()
    await desk.sweep()
    (attempt,) = await desk.attempts()
    seen: list[Asked] = []

    async def look_up(asked: Sequence[Asked]) -> dict[UUID, str]:
        seen.extend(asked)
        return {}

    monkeypatch.setattr(desk.carriers, "finds_by_address", lambda provider: provider == "pretended")
    monkeypatch.setattr(desk.carriers, "look_up", look_up)
    for away in (False, True):
        desk.vault.is_away = away
        await desk.run("UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second'")
        await desk.recover()
    assert [entry.to for entry in seen] == [f"{attempt['contact_point_id']}@example.com", None]
    assert {entry.provider for entry in seen} == {"pretended"}
    (attempt,) = await desk.attempts()
    assert attempt["state"] == "sending"


def in_app(person_id: UUID, text: str = "您好 Avery") -> Message:
    return Message(new_id(), "in_app", "app", "zh", "关于您的账户", text, AT, case_id=new_id(), person_id=person_id)


async def signed(client: httpx.AsyncClient, desk: Desk, method: str, path: str, **more: str) -> httpx.Response:
    headers = sign(
        more.get("secret", SANDBOX_SECRET).encode(),
        key_id=more.get("key_id", "service:negotiation"),
        at=desk.now,
        method=method,
        path=path,
        body=b"",
    )
    return await client.request(method, path, headers=headers)


async def test_the_inbox_takes_a_message_once_seals_it_and_shows_it_to_the_portal_alone(desk: Desk) -> None:
    inbox, person = InboxCarrier(desk.resources.begin, desk.resources.sealer), new_id()
    message, nobodys = in_app(person), replace(in_app(person), person_id=None)
    for _ in range(2):
        answers = await inbox.send([message, nobodys])
        assert answers == {message.attempt_id: "sent", nobodys.attempt_id: NOT_ACCEPTED}
    assert await inbox.look_up([message.attempt_id, nobodys.attempt_id]) == answers
    (row,) = await desk.rows("SELECT * FROM inbox_messages")
    assert "您好".encode() not in row["sealed"]
    async with served(desk) as client:
        shown = await signed(client, desk, "GET", f"/v1/inbox/{person}")
        (line,) = shown.json()["messages"]
        assert (line["subject"], line["text"], line["read_at"]) == ("关于您的账户", "您好 Avery", None)
        assert (await signed(client, desk, "GET", f"/v1/inbox/{new_id()}")).json() == {"messages": []}
        assert (await signed(client, desk, "GET", f"/v1/inbox/{person}", secret="forged")).status_code == 401
        assert (await signed(client, desk, "GET", f"/v1/inbox/{person}", key_id="service:intake")).status_code == 401
        assert (await client.get(f"/v1/inbox/{person}")).status_code == 401


async def test_opening_a_message_of_the_inbox_proves_its_delivery_and_is_noted_once(desk: Desk) -> None:
    attempt = await given_to(desk, "inbox")
    person = attempt["person_id"]
    message = replace(in_app(person), attempt_id=attempt["attempt_id"])
    await InboxCarrier(desk.resources.begin, desk.resources.sealer).send([message])
    path = f"/v1/inbox/{person}/{attempt['attempt_id']}/read"
    async with served(desk) as client:
        assert (await signed(client, desk, "POST", path)).status_code == 204
        (first,) = await desk.rows("SELECT read_at FROM inbox_messages")
        desk.databases.clock.advance(timedelta(hours=1))
        assert (await signed(client, desk, "POST", path)).status_code == 204
        stranger = f"/v1/inbox/{new_id()}/{attempt['attempt_id']}/read"
        assert (await signed(client, desk, "POST", stranger)).status_code == 404
    assert await desk.rows("SELECT read_at FROM inbox_messages") == [first]
    assert await outcome(desk) == "delivered"


async def test_erasure_empties_the_inbox(desk: Desk) -> None:
    person = new_id()
    await InboxCarrier(desk.resources.begin, desk.resources.sealer).send([in_app(person)])
    async with desk.resources.begin() as work:
        await work.persons.erase([person])
        await work.commit()
    assert await desk.rows("SELECT * FROM inbox_messages") == []


async def test_one_click_refuses_mail_to_that_address_once_and_opening_the_link_refuses_nothing(desk: Desk) -> None:
    _, attempt = await contacted(desk)
    links = UnsubscribeLinks("", desk.resources.ways_back.unsubscribe_key)
    link = links.link(attempt["attempt_id"], desk.now)
    async with served(desk) as client:
        asked = await client.get(link)
        assert asked.status_code == 200
        assert '<form method="post">' in asked.text
        assert await desk.rows("SELECT * FROM opt_outs") == []
        for _ in range(2):
            done = await client.post(link, data={"List-Unsubscribe": "One-Click"})
            assert done.status_code == 200
    (refusal,) = await desk.rows("SELECT * FROM opt_outs")
    assert (refusal["channel"], refusal["contact_point_id"]) == (attempt["channel"], attempt["contact_point_id"])


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_that_is_not_ours_or_leads_to_a_case_refuses_nothing(desk: Desk, method: str) -> None:
    _, attempt = await contacted(desk)
    forged = UnsubscribeLinks("", b"another key").link(attempt["attempt_id"], desk.now)
    genuine = UnsubscribeLinks("", desk.resources.ways_back.unsubscribe_key)
    old = genuine.link(attempt["attempt_id"], desk.now - timedelta(days=401))
    case_link = UnsubscribeLinks("", SANDBOX_SECRET.encode()).link(attempt["case_id"], desk.now)
    async with served(desk) as client:
        for link in (forged, old, case_link, "/v1/unsubscribe/AAAAAAAAAAAA"):
            assert (await client.request(method, link)).status_code == 401
    assert await desk.rows("SELECT * FROM opt_outs") == []
