"""Mail over SMTP on a few kept connections. A mail server cannot be asked later: what is unclear stays unknown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from uuid import UUID

import aiosmtplib

from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.unsubscribe_links import UnsubscribeLinks
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message
from shared.paper.qr import qr_png

CONNECTIONS = 4
QUEUE_WAIT_S = 8.0
"""Mail that finds no free connection in this time has not been handed over; it is tried later."""
SEND_WITHIN_S = 15.0
CONNECT_TIMEOUT_S = 3.0
COMMAND_TIMEOUT_S = 10.0
PERMANENT = 500
ATTEMPT_HEADER = "X-Concord-Attempt"


class SmtpMail:
    """`async with` closes the connections. Each carries one message at a time."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        sender_name: str,
        *,
        use_tls: bool,
        start_tls: bool | None = None,
        unsubscribe: UnsubscribeLinks | None = None,
        with_picture: bool = False,
        circuit: Circuit | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._sender_name = sender_name
        self._use_tls = use_tls
        self._start_tls = False if use_tls else start_tls
        self._unsubscribe = unsubscribe
        self._with_picture = with_picture
        self._circuit = circuit or Circuit()
        self._idle: asyncio.LifoQueue[aiosmtplib.SMTP] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(self._new_connection())

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        """Bounded in time: what is still being transferred then is unclear, what was waiting was never handed over."""
        if not messages:
            return {}
        tasks = {message.attempt_id: asyncio.create_task(self._send(message)) for message in messages}
        try:
            await asyncio.wait(tasks.values(), timeout=SEND_WITHIN_S)
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.wait(tasks.values())
        return {attempt_id: UNCLEAR if task.cancelled() else task.result() for attempt_id, task in tasks.items()}

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        return None

    async def close(self) -> None:
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            if connection.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                    await asyncio.wait_for(connection.quit(), 1)

    def _new_connection(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=COMMAND_TIMEOUT_S,
            use_tls=self._use_tls,
            start_tls=self._start_tls,
            local_hostname=_domain(self._sender),
        )

    async def _send(self, message: Message) -> str:
        if self._circuit.is_open:
            return NOT_ACCEPTED
        try:
            connection = await asyncio.wait_for(self._idle.get(), QUEUE_WAIT_S)
        except TimeoutError:
            return NOT_ACCEPTED
        try:
            if not await self._ready(connection):
                return NOT_ACCEPTED
            return await self._transfer(connection, message)
        except BaseException:
            # Stopped in the middle: answers still to come would be taken for those to the next message.
            connection.close()
            raise
        finally:
            self._idle.put_nowait(connection if connection.is_connected else self._new_connection())

    async def _ready(self, connection: aiosmtplib.SMTP) -> bool:
        if connection.is_connected:
            return True
        try:
            await connection.connect(timeout=CONNECT_TIMEOUT_S)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            self._circuit.failed()
            return False
        return True

    async def _transfer(self, connection: aiosmtplib.SMTP, message: Message) -> str:
        try:
            picture = await asyncio.to_thread(_picture, message) if self._with_picture else None
            mail = _mail(message, self._sender, self._sender_name, picture, self._unsubscribe)
        except ValueError:
            # An address that is no header value: it would have become another message.
            return "failed"
        try:
            await connection.mail(_returns_to(self._sender, message.attempt_id))
            await connection.rcpt(message.to)
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused) as refused:
            # The next message starts on a fresh connection rather than in this one's half-open transaction.
            connection.close()
            return self._refused(refused.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, UnicodeError):
            # Before DATA nothing has been handed over; a kept connection may have been closed by the other side.
            self._circuit.failed()
            connection.close()
            return NOT_ACCEPTED
        try:
            await connection.data(mail)
        except aiosmtplib.SMTPDataError as refused:
            return self._refused(refused.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            # Lost in the middle: it may have been taken, and nobody can be asked. It counts and is not sent again.
            self._circuit.failed()
            connection.close()
            return "unknown"
        self._circuit.succeeded()
        return "sent"

    def _refused(self, code: int) -> str:
        """The server said no, so it has not taken the mail: for good (5xx), or for now (4xx)."""
        self._circuit.succeeded()
        return "failed" if code >= PERMANENT else NOT_ACCEPTED


def _picture(message: Message) -> bytes | None:
    """The code as a picture, for who reads the mail on one device and checks it with another."""
    return None if message.check_link is None else qr_png(message.check_link, scale=4)


def _returns_to(sender: str, attempt_id: UUID) -> str:
    """An address of each attempt's own: a report that quotes nothing of our mail still tells which one came back."""
    user, _, domain = sender.partition("@")
    return f"{user}+{attempt_id}@{domain}"


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _mail(
    message: Message, sender: str, sender_name: str, picture: bytes | None, unsubscribe: UnsubscribeLinks | None
) -> bytes:
    """Signed by nobody here: DKIM is the relay's, and has to cover the two headers about unsubscribing (RFC 8058)."""
    user, _, domain = sender.partition("@")
    mail = EmailMessage()
    mail["From"] = Address(sender_name, user, domain)
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = message.sent_at
    # The same for a repetition, so that whoever has both can tell.
    mail["Message-ID"] = f"<{message.attempt_id}@{domain}>"
    mail[ATTEMPT_HEADER] = str(message.attempt_id)
    mail["Auto-Submitted"] = "auto-generated"
    refuse_by_mail = f"<mailto:{sender}?subject=STOP>"
    if unsubscribe is None:
        mail["List-Unsubscribe"] = refuse_by_mail
    else:
        mail["List-Unsubscribe"] = f"<{unsubscribe.link(message.attempt_id, message.sent_at)}>, {refuse_by_mail}"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Content-Language"] = message.language
    mail.set_content(message.text, cte="base64" if not message.text.isascii() else "quoted-printable")
    if picture is not None:
        mail.add_attachment(picture, maintype="image", subtype="png", filename="genuine.png")
    return mail.as_bytes(policy=SMTP_POLICY)
