"""Fees, remittances and the trust account: staff make, check and pay; a lender reads its own by signed requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from services.negotiation.application.ports import OpenWork
from services.negotiation.application.remit import (
    approve_remittance,
    begin_remittance,
    cancel_remittance,
    pay_remittance,
)
from services.negotiation.application.set_fees import approve_fees, draft_fees
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.remittance import LINES_MAX, Line, Remittance, line_fields
from services.negotiation.entrypoints import remittance_schemas as schemas
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.lender import IS_SIGNED, LendersCreditor
from services.negotiation.entrypoints.schemas import dumped
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])
lender_router = APIRouter(prefix="/v1/lender", dependencies=[IS_SIGNED], tags=["lender"])

NO_STORE = {"Cache-Control": "no-store"}
PAGE = 2_000
LIST_MAX = 100
Wanted = Literal["csv", "json"]
Format = Annotated[Wanted, Query(alias="format")]
Limit = Annotated[int, Query(ge=1, le=LIST_MAX)]


def _json(content: object, status: int = 200) -> Response:
    return Response(dumped(content), status_code=status, media_type="application/json", headers=NO_STORE)


@router.post("/creditors/{creditor_id}/fees")
async def make_fees(creditor_id: UUID, body: schemas.FeesRequest, who: StaffMember, resources: ResourcesOf) -> Response:
    """Draft a version of a lender's schedule of fees; it means nothing until another person approves it."""
    async with resources.begin(tenant=creditor_id) as work:
        version = await draft_fees(work, creditor_id, body.schedule(), body.valid_from, who)
        await work.commit()
    return _json(schemas.fees_answer(version), 201)


@router.post("/creditors/{creditor_id}/fees/{version}/approve")
async def check_fees(creditor_id: UUID, version: int, who: StaffMember, resources: ResourcesOf) -> Response:
    async with resources.begin(tenant=creditor_id) as work:
        approved = await approve_fees(work, creditor_id, version, who)
        await work.commit()
    return _json(schemas.fees_answer(approved))


@router.get("/creditors/{creditor_id}/fees")
async def see_fees(creditor_id: UUID, resources: ResourcesOf) -> Response:
    """All versions, the newest first."""
    async with resources.begin(tenant=creditor_id) as work:
        versions = await work.fees.versions(creditor_id)
    return _json({"versions": [schemas.fees_answer(version) for version in versions]})


@router.post("/remittances")
async def make_remittance(body: schemas.RemittanceRequest, who: StaffMember, resources: ResourcesOf) -> Response:
    """Begin to collect. Asked again for the same lender, currency and day, it answers with the same remittance."""
    async with resources.begin(tenant=body.creditor_id) as work:
        remittance = await begin_remittance(work, body.creditor_id, body.currency, body.period_to, who)
        await work.commit()
    return _json(schemas.remittance_answer(remittance), 202)


@router.get("/remittances")
async def list_remittances(
    resources: ResourcesOf, creditor_id: UUID | None = None, before: UUID | None = None, limit: Limit = LIST_MAX
) -> Response:
    """The newest first; `before` is the last id of the page before."""
    async with resources.begin(is_staff=True) as work:
        found = await work.remittances.page(creditor_id, before, limit)
    return _json({"remittances": [schemas.remittance_answer(remittance) for remittance in found]})


@router.get("/remittances/{remittance_id}")
async def see_remittance(remittance_id: UUID, resources: ResourcesOf) -> Response:
    return _json(schemas.remittance_answer(await _find(resources.begin, remittance_id)))


@router.get("/remittances/{remittance_id}/statement")
async def see_statement(remittance_id: UUID, resources: ResourcesOf, wanted: Format = "json") -> Response:
    """One line per payment, and the seal over all of them."""
    return _statement(resources.begin, await _find(resources.begin, remittance_id), wanted)


@router.post("/remittances/{remittance_id}/approve")
async def check_remittance(remittance_id: UUID, who: StaffMember, resources: ResourcesOf) -> Response:
    """The second person agrees; whoever began it cannot."""
    creditor_id = (await _find(resources.begin, remittance_id)).creditor_id
    async with resources.begin(tenant=creditor_id) as work:
        remittance = await approve_remittance(work, remittance_id, who)
        await work.commit()
    return _json(schemas.remittance_answer(remittance))


@router.post("/remittances/{remittance_id}/paid")
async def pay(remittance_id: UUID, body: schemas.PaidRequest, who: StaffMember, resources: ResourcesOf) -> Response:
    """The transfer has left: the books say so, and the cases are told."""
    creditor_id = (await _find(resources.begin, remittance_id)).creditor_id
    async with resources.begin(tenant=creditor_id) as work:
        remittance = await pay_remittance(
            work, remittance_id, who, paid_on=body.paid_on, bank_reference=body.bank_reference
        )
        await work.commit()
    return _json(schemas.remittance_answer(remittance))


@router.post("/remittances/{remittance_id}/cancel")
async def cancel(remittance_id: UUID, who: StaffMember, resources: ResourcesOf) -> Response:
    """Nothing of it was paid; its lines are undone and may go into another one."""
    creditor_id = (await _find(resources.begin, remittance_id)).creditor_id
    async with resources.begin(tenant=creditor_id) as work:
        remittance = await cancel_remittance(work, remittance_id)
        await work.commit()
    return _json(schemas.remittance_answer(remittance))


@router.get("/trust/{currency}")
async def see_trust(currency: str, resources: ResourcesOf, limit: Limit = 31) -> Response:
    """The trust account by the bank and by the books, the newest day first."""
    async with resources.begin(is_staff=True) as work:
        days = await work.trust.days(currency, limit)
    return _json(schemas.trust_answer(days))


@lender_router.get("/remittances")
async def lenders_remittances(
    creditor_id: LendersCreditor, resources: ResourcesOf, before: UUID | None = None, limit: Limit = LIST_MAX
) -> Response:
    async with resources.begin(tenant=creditor_id) as work:
        found = await work.remittances.page(creditor_id, before, limit)
    return _json({"remittances": [schemas.lenders_answer(remittance) for remittance in found]})


@lender_router.get("/remittances/{remittance_id}/statement")
async def lenders_statement(
    remittance_id: UUID, creditor_id: LendersCreditor, resources: ResourcesOf, wanted: Format = "json"
) -> Response:
    """The statement of a remittance that was paid. Of another lender's there is none."""
    async with resources.begin(tenant=creditor_id) as work:
        remittance = await work.remittances.find(remittance_id)
    if remittance.status != "paid":
        raise NoSuchThing("remittance")
    return _statement(resources.begin, remittance, wanted)


async def _find(begin: OpenWork, remittance_id: UUID) -> Remittance:
    async with begin(is_staff=True) as work:
        return await work.remittances.find(remittance_id)


def _statement(begin: OpenWork, remittance: Remittance, wanted: Wanted) -> Response:
    """Sent as it is read: a statement of 100,000 lines is never in memory, nor one transaction."""
    name = f"remittance-{remittance.remittance_id}.{wanted}"
    headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{name}"'}
    if wanted == "csv":
        headers["X-Statement-Hash"] = remittance.statement_hash or ""
        return StreamingResponse(_csv(begin, remittance), media_type="text/csv; charset=utf-8", headers=headers)
    return StreamingResponse(_lines_as_json(begin, remittance), media_type="application/json", headers=headers)


async def _csv(begin: OpenWork, remittance: Remittance) -> AsyncIterator[str]:
    yield ",".join(schemas.CSV_COLUMNS) + "\r\n"
    async for page in _pages(begin, remittance):
        yield "".join(schemas.csv_row(line) for line in page)


async def _lines_as_json(begin: OpenWork, remittance: Remittance) -> AsyncIterator[bytes]:
    head = orjson.dumps(schemas.lenders_answer(remittance))
    yield head[:-1] + b',"lines":['
    is_first = True
    async for page in _pages(begin, remittance):
        rows = b",".join(orjson.dumps(line_fields(line)) for line in page)
        yield rows if is_first else b"," + rows
        is_first = False
    yield b"]}"


async def _pages(begin: OpenWork, remittance: Remittance) -> AsyncIterator[list[Line]]:
    after = 0
    while after < LINES_MAX:
        async with begin(tenant=remittance.creditor_id) as work:
            page = await work.remittances.lines(remittance.remittance_id, after, PAGE)
        if page:
            yield page
            after = page[-1].number
        if len(page) < PAGE:
            return
