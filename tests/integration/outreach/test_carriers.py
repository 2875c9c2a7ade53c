"""The real ways out: SMTP, the provider over HTTP, the vault over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from uuid import UUID

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.outreach.adapters.channels.carrier import Router
from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.mail import SmtpMail
from services.outreach.adapters.channels.provider import HttpProvider
from services.outreach.adapters.channels.routes import load_routes
from services.outreach.adapters.channels.unsubscribe_links import UnsubscribeLinks
from services.outreach.adapters.vault import HttpVault
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message, VaultAway
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from shared.service.links import read_token
from shared.service.settings import SANDBOX_SECRET
from tests.integration.outreach.outside import Outside, serve_outside

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def letter_to(to: str, text: str = "Dear 样例, this is a test.") -> Message:
    return Message(new_id(), "email", to, "en", "Your account with 晨光", text, AT)


async def all_ours(providers: Mapping[UUID, str]) -> set[UUID]:
    return set(providers)


class Postbox:
    """Takes mail; refuses what is written to `nobody@`, and is busy for `later@`."""

    def __init__(self) -> None:
        self.mail: list[EmailMessage] = []
        self.hang_up_at_mail = False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up_at_mail:
            return "421 4.3.2 closing"
        envelope.mail_from = address
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        to = envelope.rcpt_tos[0]
        if to.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if to.startswith("later@"):
            return "451 4.3.0 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        self.mail.append(message_from_bytes(content, policy=default_policy))
        return "250 2.0.0 taken"


@contextlib.asynccontextmanager
async def postbox() -> AsyncIterator[tuple[Postbox, SmtpMail]]:
    box, loop = Postbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail = SmtpMail("127.0.0.1", port, "notices@collections.example.com", "Concord Recovery Services", use_tls=False)
    try:
        yield box, mail
    finally:
        await mail.close()
        server.close()


async def test_mail_carries_its_attempt_and_arrives_as_written() -> None:
    async with postbox() as (box, mail):
        messages = [letter_to(f"avery{n}@example.com") for n in range(20)]
        answers = await mail.send(messages)
    assert set(answers.values()) == {"sent"}
    by_attempt = {str(received["X-Concord-Attempt"]): received for received in box.mail}
    assert set(by_attempt) == {str(message.attempt_id) for message in messages}
    received = by_attempt[str(messages[0].attempt_id)]
    assert received["Message-ID"] == f"<{messages[0].attempt_id}@collections.example.com>"
    assert received["Subject"] == "Your account with 晨光"
    assert received.get_content().strip() == messages[0].text


async def test_mail_says_that_a_machine_sent_it_and_how_to_refuse_it_by_one_click() -> None:
    async with postbox() as (box, mail):
        plain, linked = letter_to("a@example.com"), letter_to("b@example.com")
        await mail.send([plain])
        mail._unsubscribe = UnsubscribeLinks("https://o.example.com", b"key")
        await mail.send([linked])
    first, second = box.mail
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe"] == "<mailto:notices@collections.example.com?subject=STOP>"
    assert first["List-Unsubscribe-Post"] is None
    link, by_mail = str(second["List-Unsubscribe"]).split(", ")
    assert read_token(b"key", link.strip("<>").rsplit("/", 1)[-1], AT) == linked.attempt_id
    assert by_mail == first["List-Unsubscribe"]
    assert second["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_where_starttls_is_required_a_server_without_it_is_given_nothing() -> None:
    box, loop = Postbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail = SmtpMail("127.0.0.1", port, "a@example.com", "A", use_tls=False, start_tls=True)
    (answer,) = (await mail.send([letter_to("avery@example.com")])).values()
    await mail.close()
    server.close()
    assert answer == NOT_ACCEPTED
    assert box.mail == []


async def test_a_mailbox_that_does_not_exist_is_a_proven_failure_and_a_busy_server_has_taken_nothing() -> None:
    async with postbox() as (_, mail):
        gone, later, fine = letter_to("nobody@example.com"), letter_to("later@example.com"), letter_to("a@example.com")
        answers = await mail.send([gone, later, fine])
    assert answers == {gone.attempt_id: "failed", later.attempt_id: NOT_ACCEPTED, fine.attempt_id: "sent"}


async def test_a_mail_server_that_is_away_has_taken_nothing_and_is_left_alone_for_a_while() -> None:
    mail = SmtpMail("127.0.0.1", 1, "a@example.com", "A", use_tls=False, circuit=(circuit := Circuit()))
    messages = [letter_to("avery@example.com") for _ in range(5)]
    answers = await mail.send(messages)
    assert set(answers.values()) == {NOT_ACCEPTED}
    assert circuit.is_open


async def test_an_address_that_would_break_the_header_is_not_written_to() -> None:
    async with postbox() as (box, mail):
        (answer,) = (await mail.send([letter_to("a@example.com\r\nBcc: b@example.com")])).values()
    assert answer == "failed"
    assert box.mail == []


async def test_a_mail_server_that_hangs_up_in_the_middle_leaves_the_mail_unknown() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.close()
                return
            writer.write(b"250 fine\r\n")

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail = SmtpMail("127.0.0.1", port, "a@example.com", "A", use_tls=False)
    (answer,) = (await mail.send([letter_to("avery@example.com")])).values()
    await mail.close()
    server.close()
    assert answer == "unknown"


async def test_mail_that_waits_behind_a_server_that_hangs_has_not_been_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.outreach.adapters.channels.mail.QUEUE_WAIT_S", 0.3)
    monkeypatch.setattr("services.outreach.adapters.channels.mail.SEND_WITHIN_S", 1.0)
    closed: list[bool] = []

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            if not line.upper().startswith(b"DATA"):
                writer.write(b"250 fine\r\n")
        closed.append(True)
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail = SmtpMail("127.0.0.1", port, "a@example.com", "A", use_tls=False)
    answers = await Router({"smtp": mail}, load_routes()).send(
        [letter_to(f"avery{n}@example.com") for n in range(6)], all_ours
    )
    assert sorted(answers.values()) == [NOT_ACCEPTED] * 2 + [UNCLEAR] * 4
    async with asyncio.timeout(5):
        while len(closed) < 4:  # noqa: ASYNC110 - the server's side learns of it when it learns of it
            await asyncio.sleep(0.01)
    server.close()


async def test_a_kept_connection_that_the_server_has_closed_has_taken_nothing() -> None:
    async with postbox() as (box, mail):
        assert set((await mail.send([letter_to("a@example.com")])).values()) == {"sent"}
        box.hang_up_at_mail = True
        first = await mail.send([letter_to("b@example.com")])
        box.hang_up_at_mail = False
        second = await mail.send([letter_to("c@example.com")])
    assert set(first.values()) == {NOT_ACCEPTED}
    assert set(second.values()) == {"sent"}
    assert len(box.mail) == 2


@contextlib.asynccontextmanager
async def provider() -> AsyncIterator[tuple[Outside, HttpProvider]]:
    async with serve_outside(FrozenClock(AT)) as outside, httpx.AsyncClient(base_url=outside.url) as client:
        yield outside, HttpProvider(client)


async def test_the_provider_answers_for_each_message_and_can_be_asked_later() -> None:
    async with provider() as (outside, carrier):
        messages = [replace(letter_to("+12125550123"), channel="sms") for _ in range(3)]
        assert set((await carrier.send(messages)).values()) == {"delivered"}
        await carrier.send(messages)
        assert set(outside.deliveries.values()) == {1}
        never = new_id()
        answers = await carrier.look_up([messages[0].attempt_id, never])
    assert answers == {messages[0].attempt_id: "delivered", never: NOT_ACCEPTED}


@pytest.mark.parametrize(
    ("status", "meaning"), [(503, NOT_ACCEPTED), (429, NOT_ACCEPTED), (500, UNCLEAR), (302, UNCLEAR)]
)
async def test_a_provider_in_trouble_never_counts_as_sent(status: int, meaning: str) -> None:
    async with provider() as (outside, carrier):
        outside.status = status
        (answer,) = (await carrier.send([letter_to("+12125550123")])).values()
    assert answer == meaning


async def test_an_answer_that_cannot_be_read_is_unclear() -> None:
    async with provider() as (outside, carrier):
        outside.answers_garbage = True
        (answer,) = (await carrier.send([letter_to("+12125550123")])).values()
    assert answer == UNCLEAR


async def test_a_provider_that_is_away_has_taken_nothing() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:1") as client:
        (answer,) = (await HttpProvider(client).send([letter_to("+12125550123")])).values()
    assert answer == NOT_ACCEPTED


async def test_a_channel_that_hangs_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging:
        async def send(self, messages: object) -> dict[UUID, str]:
            await asyncio.Event().wait()
            raise AssertionError

        async def look_up(self, attempt_ids: object) -> dict[UUID, str] | None:
            return None

    monkeypatch.setattr("services.outreach.adapters.channels.carrier.SEND_TIMEOUT_S", 0.2)
    async with postbox() as (_, mail):
        router = Router({"smtp": mail, "gateway": Hanging()}, load_routes())
        fine, stuck = letter_to("a@example.com"), replace(letter_to("+12125550123"), channel="sms")
        answers = await router.send([fine, stuck], all_ours)
    assert answers == {fine.attempt_id: "sent", stuck.attempt_id: UNCLEAR}


async def test_the_vault_is_asked_once_for_many_and_by_a_signed_request() -> None:
    clock = FrozenClock(AT)
    async with serve_outside(clock) as outside, httpx.AsyncClient(base_url=outside.url) as client:
        vault = HttpVault(client, SANDBOX_SECRET.encode(), clock)
        creditor = new_id()
        wanted = {new_id(): (new_id(), creditor) for _ in range(30)}
        revealed = await vault.reveal(wanted)
    assert set(revealed) == set(wanted)
    assert {entry.creditor_name for entry in revealed.values()} == {"Harbour Credit"}


async def test_a_vault_that_is_away_says_so_without_quoting_anything() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:1") as client:
        vault = HttpVault(client, b"s", FrozenClock(AT))
        with pytest.raises(VaultAway, match=r"^ConnectError$"):
            await vault.find("mobile", "+12125550123")
