"""What comes back over HTTP: providers' reports, the inbox for the borrower's portal, and one-click refusals."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from services.outreach.application.channel_ports import ReportRequest
from services.outreach.application.show_inbox import note_read, show_inbox
from services.outreach.application.take_reports import take_report
from services.outreach.application.unsubscribe import check_token, unsubscribe
from services.outreach.entrypoints.http import Given
from shared.kernel.refusal import Unidentified
from shared.service.signatures import KEY_ID_HEADER, verify

PORTAL_KEY_ID = "service:negotiation"
REPORT_BODY = {"requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string"}}}}}
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stop e-mail · 停止邮件</title></head>
<body><main><h1>Stop e-mail to this address<br><span lang="zh-CN">停止向此邮箱发送邮件</span></h1>{body}</main></body>
</html>
"""
_ASK = """<p>We will send no more e-mail to the address that this link was sent to. Other ways may still be used.</p>
<p lang="zh-CN">我们将不再向收到此链接的邮箱发送邮件,但仍可能以其他方式与您联系。</p>
<form method="post"><button type="submit">Stop e-mail · <span lang="zh-CN">停止邮件</span></button></form>"""
_DONE = """<p role="status">Done. We send no more e-mail to this address.</p>
<p lang="zh-CN">已办理。我们不再向此邮箱发送邮件。</p>"""

Token = Annotated[str, Path(min_length=10, max_length=200)]


class InboxMessage(BaseModel):
    message_id: UUID
    case_id: UUID
    language: str
    subject: str
    text: str
    sent_at: datetime
    read_at: datetime | None


class InboxAnswer(BaseModel):
    messages: list[InboxMessage]


async def require_portal(request: Request, resources: Given) -> None:
    """Only the service that shows people their own pages, and knows who they are."""
    if request.headers.get(KEY_ID_HEADER) != PORTAL_KEY_ID:
        raise Unidentified("signature_wrong", "the key id or the signature is wrong")
    verify(
        [resources.ways_back.service_secret],
        request.headers,
        now=resources.clock.now(),
        method=request.method,
        path=_target(request),
        body=await request.body(),
    )


reports = APIRouter(prefix="/v1", tags=["providers"])
portal = APIRouter(prefix="/v1", dependencies=[Depends(require_portal)], tags=["portal"])
public = APIRouter(prefix="/v1", tags=["public"])


@reports.post("/receipts/{provider}", summary="A provider's own report, signed its way", openapi_extra=REPORT_BODY)
async def post_receipts(
    provider: Annotated[str, Path(pattern=r"^[a-z_]{1,32}$")], request: Request, resources: Given
) -> Response:
    """Answered as that provider expects. Attempts that it was not given are passed over."""
    asked = ReportRequest(_target(request), dict(request.headers), await request.body())
    answer = await take_report(resources, provider, asked)
    return Response(answer.body, status_code=answer.status, media_type=answer.media_type)


@portal.get("/inbox/{person_id}", summary="What was written to a person in their pages, the newest first")
async def get_inbox(person_id: UUID, resources: Given, response: Response) -> InboxAnswer:
    response.headers["Cache-Control"] = "no-store"
    shown = await show_inbox(resources, person_id)
    return InboxAnswer(messages=[InboxMessage.model_validate(each, from_attributes=True) for each in shown])


@portal.post("/inbox/{person_id}/{message_id}/read", summary="The person has opened it", status_code=204)
async def post_read(person_id: UUID, message_id: UUID, resources: Given) -> None:
    await note_read(resources, person_id, message_id)


@public.post("/unsubscribe/{token}", summary="Stop mail to the address of this link (RFC 8058)")
async def post_unsubscribe(token: Token, resources: Given) -> Response:
    await unsubscribe(resources, token)
    return _page(_DONE)


@public.get("/unsubscribe/{token}", summary="Ask before stopping: opening a link refuses nothing")
async def get_unsubscribe(token: Token, resources: Given) -> Response:
    check_token(resources, token)
    return _page(_ASK)


def _target(request: Request) -> str:
    """Path and query as they came, undecoded: they are signed."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.decode("latin-1") + (f"?{request.url.query}" if request.url.query else "")


def _page(body: str) -> Response:
    return Response(_PAGE.format(body=body), media_type="text/html; charset=utf-8", headers=PAGE_HEADERS)


router = APIRouter()
router.include_router(reports)
router.include_router(portal)
router.include_router(public)
