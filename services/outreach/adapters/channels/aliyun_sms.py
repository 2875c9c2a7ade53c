"""Alibaba Cloud Dysms (2017-05-25): text messages in mainland China.

`SendSms` takes a registered text with its values and our own reference (`OutId`), but does not know a repetition by it.
So an attempt is handed over once. Where no answer came, `QuerySendDetails` (by number and day) is asked for our
reference; a detail that is not there yet proves nothing, and the attempt ends `unknown` and counts.
Reports: "SmsReport", a POST of a JSON array, answered with code 0. Alibaba does not sign it: the address that is
registered for it carries a key, and it is believed only about attempts that were handed to this provider.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import structlog

from services.outreach.adapters.channels.aliyun import AliyunApi
from services.outreach.adapters.channels.aliyun_templates import RegisteredTexts
from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.line import NOT_NOW, TIMEOUTS, Line
from services.outreach.adapters.channels.pace import Pace
from services.outreach.application.channel_ports import Asked, ReportAnswer, ReportRequest
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message
from shared.kernel.refusal import Invalid, Unidentified

NAME = "aliyun_sms"
VERSION = "2017-05-25"
REPORT_BYTES_MAX = 1_048_576
REPORTS_MAX = 2_000
DETAILS_PAGE = 50
LOOK_UPS_AT_ONCE = 4
BEIJING = ZoneInfo("Asia/Shanghai")
UNREACHABLE = frozenset({"isv.MOBILE_NUMBER_ILLEGAL"})
ENOUGH = frozenset({"isv.BUSINESS_LIMIT_CONTROL"})
"""This number has had as many messages as it may have: another provider is no way around that."""
UNCERTAIN = frozenset({"isp.SYSTEM_ERROR"})
"""A fault inside the provider: whether the message was taken is not said."""
SEND_STATUS = {1: "sent", 2: "failed", 3: "delivered"}

log = structlog.get_logger("concord.outreach.channels")


class AliyunSms:
    """A `Carrier` that can be asked by the address."""

    def __init__(self, api: AliyunApi, texts: RegisteredTexts, pace: Pace, circuit: Circuit | None = None) -> None:
        self._api = api
        self._texts = texts
        self._line = Line(NAME, pace, circuit)

    @property
    def circuit(self) -> Circuit:
        return self._line.circuit

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        return await self._line.send(messages, self._post)

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        """Nothing without the number; `find` has it."""
        return {}

    async def find(self, asked: Sequence[Asked]) -> dict[UUID, str]:
        """What became of them; absent where nothing is known (yet)."""
        room = asyncio.Semaphore(LOOK_UPS_AT_ONCE)

        async def one(entry: Asked) -> str:
            async with room:
                return await self._detail(entry)

        answers = await asyncio.gather(*(one(entry) for entry in asked))
        return {entry.attempt_id: answer for entry, answer in zip(asked, answers, strict=True) if answer != UNCLEAR}

    async def _post(self, message: Message) -> str:
        number = domestic(message.to)
        if number is None:
            return "failed"
        filled = self._texts.find(message.text)
        if filled is None:
            log.error("sms.no_registered_text", attempt_id=str(message.attempt_id), provider=NAME)
            return NOT_ACCEPTED
        parameters = {
            "PhoneNumbers": number,
            "SignName": filled.sign_name,
            "TemplateCode": filled.template_code,
            "TemplateParam": json.dumps(filled.values, ensure_ascii=False, sort_keys=True),
            "OutId": str(message.attempt_id),
        }
        request = self._api.request("SendSms", parameters, TIMEOUTS)
        answer = await self._line.ask(self._api.client, request)
        return answer if isinstance(answer, str) else _outcome(answer)

    async def _detail(self, asked: Asked) -> str:
        number = domestic(asked.to or "")
        if number is None:
            return UNCLEAR
        parameters = {
            "PhoneNumber": number,
            "SendDate": asked.handed_over_at.astimezone(BEIJING).strftime("%Y%m%d"),
            "PageSize": str(DETAILS_PAGE),
            "CurrentPage": "1",
        }
        request = self._api.request("QuerySendDetails", parameters, TIMEOUTS)
        answer = await self._line.ask(self._api.client, request)
        if isinstance(answer, str) or answer.status_code != 200:
            return UNCLEAR
        try:
            details = answer.json()["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
            ours = next((each for each in details if each.get("OutId") == str(asked.attempt_id)), None)
            return UNCLEAR if ours is None else SEND_STATUS.get(ours["SendStatus"], UNCLEAR)
        except (ValueError, KeyError, TypeError, AttributeError):
            return UNCLEAR


class AliyunReports:
    """A `ReportReader`. `key` is the secret part of the address that is registered with Alibaba."""

    bytes_max = REPORT_BYTES_MAX

    def __init__(self, key: str) -> None:
        self._key = key

    def read(self, request: ReportRequest) -> Sequence[tuple[UUID, str]]:
        given = dict(parse_qsl(urlsplit(request.target).query)).get("key", "")
        if not hmac.compare_digest(self._key.encode(), given.encode("utf-8", "replace")):
            raise Unidentified("key_wrong", "the address of the reports is wrong")
        try:
            entries = json.loads(request.body)
        except ValueError:
            raise Invalid("invalid_request", "a JSON array of reports is needed") from None
        if not isinstance(entries, list) or len(entries) > REPORTS_MAX:
            raise Invalid("invalid_request", f"a JSON array of at most {REPORTS_MAX} reports is needed")
        return [reported for entry in entries if (reported := _reported(entry)) is not None]

    def taken(self) -> ReportAnswer:
        return ReportAnswer(200, b'{"code":0,"msg":"OK"}', "application/json")


def domestic(number: str) -> str | None:
    """`+86` and eleven digits, as the API wants them: without the country's code."""
    digits = number.removeprefix("+86")
    return digits if number.startswith("+86") and len(digits) == 11 and digits.isascii() and digits.isdigit() else None


def _reported(entry: Any) -> tuple[UUID, str] | None:
    """None for what was sent outside of Concord by the same account."""
    try:
        return UUID(entry["out_id"]), "delivered" if entry["success"] is True else "failed"
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _outcome(response: httpx.Response) -> str:
    """`Code` OK: taken. Any other answer of theirs is a refusal, whatever the HTTP status, but for their own faults."""
    try:
        code = response.json()["Code"]
    except (ValueError, KeyError, TypeError):
        return NOT_ACCEPTED if response.status_code >= 400 else UNCLEAR
    if code == "OK":
        return "sent"
    if code in UNREACHABLE:
        return "failed"
    if code in ENOUGH:
        return NOT_NOW
    return UNCLEAR if code in UNCERTAIN else NOT_ACCEPTED
