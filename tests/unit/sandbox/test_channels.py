"""The simulated provider and the mailbox answer as real ones do, and a repetition changes nothing."""

from __future__ import annotations

from email.message import EmailMessage
from typing import cast

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.sandbox.mailbox import ATTEMPT_HEADER, Mailbox, text_of
from deploy.sandbox.post_office import PostOffice
from deploy.sandbox.provider import MESSAGES_MAX, provider_app
from tests.unit.sandbox.builders import a_borrower

MOBILE = "+12125550100"


@pytest.fixture
def office() -> PostOffice:
    office = PostOffice(1)
    office.know([a_borrower(), a_borrower("HC-00002", mobile="+12125550101", slips=frozenset({"mail_bounces"}))])
    return office


def provider(office: PostOffice) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(provider_app(office)), base_url="http://provider.invalid")


def a_message(attempt_id: str, to: str = MOBILE) -> dict[str, str]:
    return {"idempotency_key": attempt_id, "channel": "sms", "to": to, "text": "hello", "language": "en"}


async def test_a_message_has_one_result_however_often_it_is_sent(office: PostOffice) -> None:
    async with provider(office) as client:
        first = (await client.post("/v1/messages", json={"messages": [a_message("a-1")]})).json()
        again = (await client.post("/v1/messages", json={"messages": [a_message("a-1")]})).json()
        asked = (await client.get("/v1/messages/a-1")).json()
    assert first == again
    assert asked == first["results"][0]
    assert len(office.collect()) == 1


async def test_what_was_never_accepted_is_not_found(office: PostOffice) -> None:
    async with provider(office) as client:
        assert (await client.get("/v1/messages/a-1")).status_code == 404


async def test_too_many_messages_are_refused_whole(office: PostOffice) -> None:
    async with provider(office) as client:
        messages = [a_message(f"a-{n}") for n in range(MESSAGES_MAX + 1)]
        assert (await client.post("/v1/messages", json={"messages": messages})).status_code == 413
        assert (await client.get("/v1/messages/a-0")).status_code == 404


async def mail(office: PostOffice, attempt_id: str, to: str, text: str) -> str:
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = "您的贷款"
    message[ATTEMPT_HEADER] = attempt_id
    message.set_content(text)
    envelope = Envelope()
    envelope.rcpt_tos.append(to)
    envelope.content = message.as_bytes()
    return await Mailbox(office).handle_DATA(cast(SMTP, None), cast(Session, None), envelope)


async def test_mail_is_taken_and_arrives_once(office: PostOffice) -> None:
    answers = {await mail(office, "a-1", "hc-00001@example.com", "还款链接") for _ in range(2)}
    assert answers == {"250 2.0.0 taken"}
    assert [(each.account_number, each.channel) for each in office.collect()] == [("HC-00001", "email")]


async def test_mail_to_a_dead_mailbox_bounces(office: PostOffice) -> None:
    assert (await mail(office, "a-2", "hc-00002@example.com", "hello")).startswith("550 5.1.1")


async def test_mail_to_nobody_bounces(office: PostOffice) -> None:
    assert (await mail(office, "a-3", "nobody@example.com", "hello")).startswith("550 5.1.1")


def test_an_encoded_text_is_read_decoded() -> None:
    message = EmailMessage()
    message.set_content("请打开链接:http://127.0.0.1/b/x", cte="base64")
    assert "http://127.0.0.1/b/x" in text_of(message)
