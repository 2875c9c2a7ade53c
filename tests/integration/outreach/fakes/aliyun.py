"""Alibaba Cloud Dysms as "V3 request structure and signature", "SendSms" and "QuerySendDetails" describe it.

Written without our own code. Refuses what Alibaba refuses: a wrong signature, a time more than 15 minutes away, a nonce
that was used, a header that is not signed, a registered text that it does not know.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY_ID, SECRET = "InventedKeyId", "invented-secret"
FRESH_S = 900
_AUTHORIZATION = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})")


@dataclass
class FakeAliyun:
    now: Callable[[], datetime]
    texts: dict[str, str]
    """Registered: template code -> the text with `${variables}`."""
    status: int = 200
    code: str | None = None
    hangs: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    forgets_details: bool = False
    taken: list[dict[str, str]] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    """The texts as people received them."""
    refused: list[str] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self.call, methods=["POST"])])

    async def call(self, request: Request) -> Response:
        body = await request.body()
        wrong = self._wrong(request, body)
        if wrong is not None:
            self.refused.append(wrong)
            return JSONResponse({"Code": wrong, "Message": wrong}, status_code=400)
        if self.status != 200:
            return JSONResponse({"Code": "ServiceUnavailable", "Message": "told to"}, status_code=self.status)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        match request.headers["x-acs-action"]:
            case "SendSms":
                return await self._send(form)
            case "QuerySendDetails":
                return self._details(form)
        return JSONResponse({"Code": "InvalidAction.NotFound", "Message": ""}, status_code=404)

    async def _send(self, form: dict[str, str]) -> Response:
        if self.code is not None:
            return JSONResponse({"Code": self.code, "Message": "told to", "RequestId": "R"})
        if not re.fullmatch(r"[0-9]{11}", form["PhoneNumbers"]):
            return JSONResponse({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "", "RequestId": "R"})
        text = self.texts.get(form["TemplateCode"])
        if text is None or not text.startswith(f"【{form['SignName']}】"):
            return JSONResponse({"Code": "isv.SMS_TEMPLATE_ILLEGAL", "Message": "", "RequestId": "R"})
        values = json.loads(form["TemplateParam"])
        self.taken.append(form)
        self.delivered.append(re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text))
        if self.hangs:
            await self.go_on.wait()
        return JSONResponse({"Code": "OK", "Message": "OK", "RequestId": "R", "BizId": f"{len(self.taken)}^0"})

    def _details(self, form: dict[str, str]) -> Response:
        today = self.now().astimezone(UTC)
        found = [
            {"OutId": sent["OutId"], "SendStatus": 3, "PhoneNum": sent["PhoneNumbers"], "ErrCode": "DELIVERED"}
            for sent in self.taken
            if sent["PhoneNumbers"] == form["PhoneNumber"] and not self.forgets_details
        ]
        assert re.fullmatch(r"[0-9]{8}", form["SendDate"]), today
        return JSONResponse({"Code": "OK", "TotalCount": len(found), "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}})

    def _wrong(self, request: Request, body: bytes) -> str | None:
        given = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if given is None or given[1] != KEY_ID:
            return "InvalidAccessKeyId.NotFound"
        names = given[2].split(";")
        must = {name for name in request.headers if name.startswith("x-acs-") or name in ("host", "content-type")}
        if names != sorted(names) or set(names) != must:
            return "SignedHeadersIncomplete"
        if request.headers["x-acs-content-sha256"] != hashlib.sha256(body).hexdigest():
            return "ContentSha256Mismatch"
        at = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs((self.now() - at).total_seconds()) > FRESH_S:
            return "InvalidTimeStamp.Expired"
        if request.headers["x-acs-signature-nonce"] in self.nonces:
            return "SignatureNonceUsed"
        self.nonces.add(request.headers["x-acs-signature-nonce"])
        lines = [request.method, quote(request.url.path, safe="/-_.~"), request.url.query]
        lines += [f"{name}:{request.headers[name].strip()}" for name in names]
        lines += ["", given[2], request.headers["x-acs-content-sha256"]]
        hashed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        signed = hmac.new(SECRET.encode(), f"ACS3-HMAC-SHA256\n{hashed}".encode(), hashlib.sha256).hexdigest()
        return None if hmac.compare_digest(signed, given[3]) else "SignatureDoesNotMatch"
