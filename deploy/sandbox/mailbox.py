"""A real SMTP server for mail to invented addresses; nothing leaves this machine."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
from collections.abc import AsyncIterator
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import HOST, Ports
from deploy.sandbox.post_office import PostOffice

PREFERRED_PORT = 8150
ATTEMPT_HEADER = "X-Concord-Attempt"
MESSAGE_BYTES_MAX = 1_000_000


class Mailbox:
    """Takes a message, or refuses it as a mail server does when there is no such mailbox."""

    def __init__(self, post_office: PostOffice) -> None:
        self._post_office = post_office

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content or b""
        message = email.message_from_bytes(
            content if isinstance(content, bytes) else content.encode(), policy=email.policy.default
        )
        attempt_id = str(message[ATTEMPT_HEADER] or message["Message-ID"] or "")
        await self._post_office.opened()
        outcomes = {
            self._post_office.deliver(attempt_id, "email", str(to), text_of(message)) for to in envelope.rcpt_tos
        }
        return "550 5.1.1 no such mailbox" if outcomes == {"failed"} else "250 2.0.0 taken"


def text_of(message: EmailMessage) -> str:
    """The plain text of a message, decoded."""
    body = message.get_body(("plain", "html"))
    return str(body.get_content()) if body else ""


@contextlib.asynccontextmanager
async def serve_mailbox(post_office: PostOffice, ports: Ports) -> AsyncIterator[int]:
    """Serve it inside this process; yields its port."""
    port = ports.take(PREFERRED_PORT, "the sandbox's mail server")
    mailbox, loop = Mailbox(post_office), asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(mailbox, hostname="sandbox.invalid", data_size_limit=MESSAGE_BYTES_MAX, loop=loop)

    server = await loop.create_server(session, HOST, port)
    try:
        yield port
    finally:
        server.close()
        await server.wait_closed()
