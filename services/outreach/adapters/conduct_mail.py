"""Mail to the creditor's and the authorities' addresses that an alarm was raised. It names ids and the category."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from uuid import UUID

import aiosmtplib
import structlog

from services.outreach.application.desk_records import Alarm

TIMEOUT_S = 10.0
WITHIN_S = 30.0
"""For one batch; what is not out then is tried later."""
_TEXT = """\
Critical conduct has been reported. All contact with the person is frozen, and the evidence is sealed.
收到严重不当行为报告。对该人的全部联系已冻结，证据已封存。

alarm / 警报: {alarm_id}
case / 案件: {case_id}
creditor / 债权人: {creditor_id}
category / 类别: {category}
raised / 时间: {raised_at}

This message holds no personal data. 本邮件不含个人信息。
"""

log = structlog.get_logger("concord.outreach.alarms")


class ConductMail:
    """`AlarmMail`. `recipients`: the addresses told of every alarm, `by_creditor`: those of one creditor."""

    def __init__(
        self,
        host: str | None,
        port: int,
        sender: str,
        recipients: Sequence[str],
        by_creditor: Mapping[str, Sequence[str]],
        *,
        use_tls: bool,
    ) -> None:
        self._host, self._port, self._use_tls = host, port, use_tls
        self._sender = sender
        self._recipients = tuple(recipients)
        self._by_creditor = {creditor: tuple(known) for creditor, known in by_creditor.items()}

    @property
    def has_recipients(self) -> bool:
        return self._host is not None and bool(self._recipients or self._by_creditor)

    async def send(self, alarms: Sequence[Alarm]) -> set[UUID]:
        told: set[UUID] = set()
        try:
            async with asyncio.timeout(WITHIN_S):
                for alarm in alarms:
                    if await self._tell(alarm):
                        told.add(alarm.alarm_id)
        except TimeoutError:
            log.warning("alarms.not_in_time", alarms=len(alarms), told=len(told))
        return told

    async def _tell(self, alarm: Alarm) -> bool:
        recipients = [*self._recipients, *self._by_creditor.get(str(alarm.creditor_id), ())]
        if not recipients:
            return True
        try:
            refused, _ = await aiosmtplib.send(
                self._mail(alarm, recipients).as_bytes(policy=SMTP_POLICY),
                sender=self._sender,
                recipients=recipients,
                hostname=self._host,
                port=self._port,
                use_tls=self._use_tls,
                timeout=TIMEOUT_S,
                local_hostname="concord.invalid",
            )
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            log.warning("alarm.not_mailed", alarm_id=str(alarm.alarm_id), error=type(error).__name__)
            return False
        return not refused

    def _mail(self, alarm: Alarm, recipients: Sequence[str]) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = ", ".join(recipients)
        mail["Subject"] = f"Concord: critical conduct, alarm {alarm.alarm_id}"
        mail["Date"] = alarm.raised_at
        mail["Message-ID"] = f"<alarm-{alarm.alarm_id}@concord.invalid>"
        text = _TEXT.format(
            alarm_id=alarm.alarm_id,
            case_id=alarm.case_id,
            creditor_id=alarm.creditor_id,
            category=alarm.category,
            raised_at=alarm.raised_at.isoformat(),
        )
        mail.set_content(text, cte="base64")
        return mail
