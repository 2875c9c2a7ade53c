"""Alarms as plain mail to the addresses of the settings. Figures and names of strategies; no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

import aiosmtplib
import structlog

TIMEOUT_S = 10.0

log = structlog.get_logger("concord.outreach.harm")


class MailAlarm:
    """`Alarm` over SMTP, one connection an alarm: there are few."""

    def __init__(self, host: str | None, port: int, sender: str, to: Sequence[str], *, use_tls: bool) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._to = tuple(to)
        self._use_tls = use_tls

    async def tell(self, subject: str, text: str) -> bool:
        """True also where nobody is to be told: the change is in the log, the metric and the table."""
        if self._host is None or not self._to:
            return True
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, ", ".join(self._to), subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            await aiosmtplib.send(
                message, hostname=self._host, port=self._port, use_tls=self._use_tls, timeout=TIMEOUT_S
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("harm_budget.alarm_not_taken", error=type(error).__name__)
            return False
        return True
