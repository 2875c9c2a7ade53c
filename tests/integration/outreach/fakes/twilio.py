"""Twilio as "Messages resource", "Calls resource", "Validating requests" describe it. Written without our own code."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SID = "AC" + "0f" * 16
TOKEN = "invented-token"
NUMBERS_OF_NOBODY = {"+12125550199": 21211, "+12125550198": 21610}
"""Invented, from the range reserved for fiction."""


@dataclass
class FakeTwilio:
    status: int = 201
    hangs: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    under_way: int = 0
    under_way_max: int = 0

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/2010-04-01/Accounts/{sid}/{resource}.json", self.create, methods=["POST"])])

    async def create(self, request: Request) -> Response:
        self.under_way += 1
        self.under_way_max = max(self.under_way, self.under_way_max)
        try:
            return await self._create(request)
        finally:
            self.under_way -= 1

    async def _create(self, request: Request) -> Response:
        body = (await request.body()).decode()
        await asyncio.sleep(0)
        expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != expected or request.path_params["sid"] != SID:
            return self._refuse(401, 20003, "authenticate")
        if request.headers["content-type"] != "application/x-www-form-urlencoded":
            return self._refuse(400, 21601, "no form")
        if request.url.query:
            return self._refuse(400, 20001, "parameters stand in the address")
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        resource = request.path_params["resource"]
        needed = {"To", "From", "StatusCallback"} | ({"Twiml"} if resource == "Calls" else {"Body"})
        if needed - form.keys():
            return self._refuse(400, 21602, f"missing {needed - form.keys()}")
        if form["To"] in NUMBERS_OF_NOBODY:
            return self._refuse(400, NUMBERS_OF_NOBODY[form["To"]], "the number")
        if self.status != 201:
            return self._refuse(self.status, 20500, "told to")
        self.taken.append(form)
        if self.hangs:
            await self.go_on.wait()
        kind = "CA" if resource == "Calls" else "SM"
        sid = f"{kind}{len(self.taken):032x}"
        uri = f"/2010-04-01/Accounts/{SID}/{resource}/{sid}.json"
        return JSONResponse({"sid": sid, "status": "queued", "uri": uri}, status_code=201)

    def _refuse(self, status: int, code: int, why: str) -> Response:
        self.refused.append(why)
        return JSONResponse({"code": code, "message": why, "status": status}, status_code=status)


def report(url: str, form: dict[str, str], token: str = TOKEN) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a report, signed as Twilio signs."""
    complete = {"AccountSid": SID, "ApiVersion": "2010-04-01", **form}
    text = url
    for name in sorted(complete):
        text += name + complete[name]
    signature = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return urlencode(complete).encode(), headers
