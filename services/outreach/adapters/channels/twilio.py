"""Twilio: text messages and calls in the United States.

Requests: "Twilio Messages resource" and "Calls resource" (REST API 2010-04-01): POST of a form, HTTP basic
authentication with account and token. Reports: "Twilio security: validating requests": `X-Twilio-Signature` is the
base64 of HMAC-SHA1, keyed with the token, over the full URL followed by the form's parameters, sorted by name, each
name directly followed by its value.

Neither resource has an idempotency key. So an attempt is handed over once; the address of the report names it, and a
report that comes proves that Twilio has it. Where neither an answer nor a report came, it stays `unknown` and counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID
from xml.sax.saxutils import escape

import httpx

from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.line import TIMEOUTS, Line
from services.outreach.adapters.channels.pace import Pace
from services.outreach.application.channel_ports import ReportAnswer, ReportRequest
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message
from shared.kernel.refusal import Invalid, Unidentified

NAME = "twilio"
REPORT_BYTES_MAX = 16_384
REPORT_PATH = f"/v1/receipts/{NAME}"
UNREACHABLE = frozenset({21211, 21217, 21610, 21614, 13224})
"""Errors of the number itself: invalid, not mobile, has refused this sender. Another provider would not help."""
MESSAGE_STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), "sent"),
    **dict.fromkeys(("delivered", "read"), "delivered"),
    **dict.fromkeys(("undelivered", "failed", "canceled"), "failed"),
}
CALL_STATES = {
    **dict.fromkeys(("queued", "initiated", "ringing", "in-progress"), "sent"),
    "completed": "conversation",
    **dict.fromkeys(("busy", "no-answer"), "no_answer"),
    **dict.fromkeys(("failed", "canceled"), "not_connected"),
}
MACHINES = ("machine", "fax")


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`public_url`: under which Twilio reaches us. `desk_number`: where a person takes over a call."""

    account_sid: str
    auth_token: str
    sender: str
    public_url: str
    desk_number: str | None = None


class Twilio:
    """A `Carrier`. Calls ring the person and connect them to the desk: no machine speaks of a debt to who answers."""

    def __init__(
        self, client: httpx.AsyncClient, account: TwilioAccount, pace: Pace, circuit: Circuit | None = None
    ) -> None:
        self._client = client
        self._account = account
        self._line = Line(NAME, pace, circuit)

    @property
    def circuit(self) -> Circuit:
        return self._line.circuit

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        return await self._line.send(messages, self._post)

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        """Twilio cannot be asked by our reference. Not `None`: a report may still come, and says it."""
        return {}

    async def _post(self, message: Message) -> str:
        form = self._form(message)
        if form is None:
            return NOT_ACCEPTED
        resource = "Calls" if message.channel == "call" else "Messages"
        request = self._client.build_request(
            "POST", f"/2010-04-01/Accounts/{self._account.account_sid}/{resource}.json", data=form, timeout=TIMEOUTS
        )
        credentials = base64.b64encode(f"{self._account.account_sid}:{self._account.auth_token}".encode()).decode()
        request.headers["Authorization"] = f"Basic {credentials}"
        answer = await self._line.ask(self._client, request)
        return answer if isinstance(answer, str) else _outcome(answer)

    def _form(self, message: Message) -> dict[str, str | list[str]] | None:
        account = self._account
        report_to = f"{account.public_url}{REPORT_PATH}?attempt={message.attempt_id}"
        common: dict[str, str | list[str]] = {"To": message.to, "From": account.sender, "StatusCallback": report_to}
        if message.channel == "sms":
            return common | {"Body": message.text}
        if message.channel != "call" or account.desk_number is None:
            return None
        dial = f"<Response><Dial>{escape(account.desk_number)}</Dial></Response>"
        events = ["initiated", "ringing", "answered", "completed"]
        return common | {"Twiml": dial, "StatusCallbackEvent": events, "MachineDetection": "Enable"}


class TwilioReports:
    """A `ReportReader`. There is no time in what Twilio signs; a replay says again what is known already."""

    bytes_max = REPORT_BYTES_MAX

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def read(self, request: ReportRequest) -> Sequence[tuple[UUID, str]]:
        try:
            text = request.body.decode("utf-8")
            pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=100)
        except ValueError:
            raise Unidentified("signature_wrong", "the signature is wrong") from None
        form = dict(pairs)
        expected = twilio_signature(self._account.auth_token, f"{self._account.public_url}{request.target}", form)
        given = request.headers.get("x-twilio-signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")) or len(form) != len(pairs):
            raise Unidentified("signature_wrong", "the signature is wrong")
        if form.get("AccountSid") != self._account.account_sid:
            raise Unidentified("signature_wrong", "the signature is wrong")
        status = _reported(form)
        return [] if status is None else [(_attempt_of(request.target), status)]

    def taken(self) -> ReportAnswer:
        return ReportAnswer(204)


def twilio_signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _reported(form: Mapping[str, str]) -> str | None:
    """A state that is new to us says nothing: no guess becomes a fact."""
    if "MessageStatus" in form:
        return MESSAGE_STATES.get(form["MessageStatus"])
    status = CALL_STATES.get(form.get("CallStatus", ""))
    if status == "conversation" and form.get("AnsweredBy", "").startswith(MACHINES):
        return "no_answer"
    return status


def _attempt_of(target: str) -> UUID:
    named = dict(parse_qsl(urlsplit(target).query)).get("attempt", "")
    try:
        return UUID(named)
    except ValueError:
        raise Invalid("attempt_missing", "the address of a report names its attempt") from None


def _outcome(response: httpx.Response) -> str:
    try:
        document = response.json()
        if response.status_code >= 400:
            return "failed" if document.get("code") in UNREACHABLE else NOT_ACCEPTED
        states = CALL_STATES if "/Calls" in str(document.get("uri", "")) else MESSAGE_STATES
        return states.get(document["status"], UNCLEAR)
    except (ValueError, KeyError, TypeError, AttributeError):
        # A refusal without a readable reason is still a refusal.
        return NOT_ACCEPTED if response.status_code >= 400 else UNCLEAR
