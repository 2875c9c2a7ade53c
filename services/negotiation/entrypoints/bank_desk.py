"""The desk for the agency's bank account: statements in, the queue of what nobody could match, refunds, transfers."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.negotiation.application.assign_entries import (
    PARTS_MAX,
    EntryView,
    Part,
    assign,
    check_allocation,
    check_order,
    order_entry,
    show_entry,
    show_queue,
)
from services.negotiation.application.draw_transfers import draw_transfers, transfers_of
from services.negotiation.application.import_statements import import_statements
from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources
from services.negotiation.application.propose_split import Split, propose_split
from services.negotiation.application.receipts_ports import BankEntry, EntryOrder
from services.negotiation.application.refund_payments import ask_refund, decide_refund, refunds_of, waiting_refunds
from services.negotiation.entrypoints.identity import IdempotencyKey, ResourcesOf
from services.negotiation.entrypoints.payments import NO_STORE, RefundRequest, refund_answer
from services.negotiation.entrypoints.schemas import Amount, Closed, dumped
from services.negotiation.entrypoints.transfer_file import transfer_file
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Invalid, Reason
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])

UPLOAD_BYTES_MAX = 16 * 1024 * 1024
ENTRIES_PAGE = 500
NO_ID = UUID(int=0)
Why = Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]


class AssignRequest(Closed):
    """Without `amount`: all of the entry that is left. The reason names no person."""

    case_id: UUID
    amount: Amount | None = None
    reason: Why


class SplitPart(Closed):
    case_id: UUID
    amount: Amount


class SplitRequest(Closed):
    parts: Annotated[list[SplitPart], Field(min_length=2, max_length=PARTS_MAX)]
    reason: Why


class ReturnRequest(Closed):
    reason: Why


class CloseRequest(Closed):
    """What an entry is for that no borrower pays and nobody is owed."""

    purpose: Literal["bank_charge", "remittance", "own_transfer", "provider_payout"]
    reason: Why


class Decision(Closed):
    agree: bool


class RefundOrder(RefundRequest):
    case_id: UUID


def _json(value: Any, status: int = 200) -> Response:
    return Response(dumped(value), status_code=status, media_type="application/json", headers=NO_STORE)


@router.post("/bank-statements")
async def upload_statement(request: Request, who: StaffMember, resources: ResourcesOf) -> Response:
    """A camt.053 or MT940 file as the body. The same statement twice brings nothing new; results for every entry."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > UPLOAD_BYTES_MAX:
            reason = Reason("file_too_large", "", f"at most {UPLOAD_BYTES_MAX // 1024 // 1024} MiB")
            raise Invalid("statement_refused", "the file is not taken: see the reasons", [reason])
    results = await import_statements(resources.begin, resources.money, bytes(raw), by=who)
    return _json(
        {
            "statements": [
                {
                    "statement_id": r.statement_id,
                    "number": r.number,
                    "is_known": r.is_known,
                    "entries": [
                        {"position": e.position, "entry_id": e.entry_id, "result": e.result} for e in r.entries
                    ],
                }
                for r in results
            ]
        }
    )


@router.get("/bank-statements/{statement_id}")
async def see_statement(
    statement_id: UUID, resources: ResourcesOf, after: Annotated[int, Query(ge=-1)] = -1
) -> Response:
    """A statement and what became of its entries, in their order."""
    async with resources.begin(is_staff=True) as work:
        head = await work.bank.statement(statement_id)
        entries = await work.bank.entries_of(statement_id, after, ENTRIES_PAGE)
    return _json(
        {
            "statement_id": head.statement_id,
            "number": head.number,
            "currency": head.currency,
            "opened_on": head.opened_on,
            "closed_on": head.closed_on,
            "opening": head.opening,
            "closing": head.closing,
            "entry_count": head.entry_count,
            "imported_by": head.imported_by,
            "imported_at": head.imported_at,
            "entries": [_entry(entry) for entry in entries],
        }
    )


@router.get("/bank-book")
async def see_bank_book(resources: ResourcesOf) -> Response:
    """The bank book by currency and account: it sums to zero, and `suspense` is what nobody has explained."""
    async with resources.begin(is_staff=True) as work:
        balances = await work.bank.balances()
    books: dict[str, dict[str, int]] = {}
    for (currency, account), total in sorted(balances.items()):
        books.setdefault(currency, {})[account] = total
    return _json({"currencies": books, "is_balanced": all(sum(b.values()) == 0 for b in books.values())})


@router.get("/unmatched")
async def see_unmatched(resources: ResourcesOf, after: UUID = NO_ID) -> Response:
    async with resources.begin(is_staff=True) as work:
        views = await show_queue(work, after)
    return _json({"entries": [_view(view) for view in views]})


@router.get("/unmatched/{entry_id}")
async def see_unmatched_entry(entry_id: UUID, resources: ResourcesOf) -> Response:
    """With what the payer wrote, as long as it is kept, and how it may be split where several debts are named."""
    async with resources.begin(is_staff=True) as work:
        view = await show_entry(work, resources.money, entry_id)
    split = await propose_split(resources.begin, view.entry)
    words = json.loads(view.words) if view.words is not None else None
    return _json({**_view(view), "words": words, "proposed_split": _split(split) if split is not None else None})


@router.post("/unmatched/{entry_id}/assign")
async def assign_entry(
    entry_id: UUID,
    body: AssignRequest,
    request: Request,
    who: StaffMember,
    key: IdempotencyKey,
    resources: ResourcesOf,
) -> Response:
    """Say for which case it is; from the threshold on a second person agrees before it is booked."""
    return await _assign(request, resources, entry_id, [Part(body.case_id, body.amount)], who, body.reason, key)


@router.post("/unmatched/{entry_id}/split")
async def split_entry(
    entry_id: UUID,
    body: SplitRequest,
    request: Request,
    who: StaffMember,
    key: IdempotencyKey,
    resources: ResourcesOf,
) -> Response:
    """One transfer for several debts."""
    parts = [Part(part.case_id, part.amount) for part in body.parts]
    return await _assign(request, resources, entry_id, parts, who, body.reason, key)


@router.post("/unmatched/{entry_id}/return")
async def return_entry(
    entry_id: UUID,
    body: ReturnRequest,
    request: Request,
    who: StaffMember,
    key: IdempotencyKey,
    resources: ResourcesOf,
) -> Response:
    """Send it back to whom it came from, with the next transfer file."""
    return await _order(request, resources, entry_id, "return", who, body.reason, key)


@router.post("/unmatched/{entry_id}/close")
async def close_entry(
    entry_id: UUID,
    body: CloseRequest,
    request: Request,
    who: StaffMember,
    key: IdempotencyKey,
    resources: ResourcesOf,
) -> Response:
    return await _order(request, resources, entry_id, body.purpose, who, body.reason, key)


@router.post("/unmatched/{entry_id}/decision")
async def decide_entry(entry_id: UUID, body: Decision, who: StaffMember, resources: ResourcesOf) -> Response:
    """A second person agrees to a return or a closing, or not."""
    await check_order(resources.begin, entry_id, by=who, agree=body.agree)
    return await see_unmatched_entry(entry_id, resources)


@router.post("/unmatched/{entry_id}/allocations/{allocation_id}/decision")
async def decide_allocation(
    entry_id: UUID, allocation_id: UUID, body: Decision, who: StaffMember, resources: ResourcesOf
) -> Response:
    await check_allocation(resources.begin, entry_id, allocation_id, by=who, agree=body.agree)
    return await see_unmatched_entry(entry_id, resources)


@router.get("/refund-orders")
async def see_refunds(resources: ResourcesOf, after: UUID = NO_ID, case_id: UUID | None = None) -> Response:
    """Those that wait for a second person, or all of one case."""
    async with resources.begin(case_id, is_staff=True) as work:
        refunds = await refunds_of(work, case_id) if case_id is not None else await waiting_refunds(work, after)
    return _json({"refunds": [refund_answer(refund) for refund in refunds]})


@router.post("/refund-orders")
async def order_refund(
    body: RefundOrder, request: Request, who: StaffMember, key: IdempotencyKey, resources: ResourcesOf
) -> Response:
    hashed = request_hash(await request.body())
    async with resources.begin(body.case_id, is_staff=True) as work:

        async def act() -> bytes:
            refund = await ask_refund(
                work, body.case_id, body.payment_id, amount=body.amount, reason=body.reason, asked_by=who
            )
            return dumped(refund_answer(refund))

        answer = await once(work, scope="refund-order", key=key, request_hash=hashed, act=act)
    return Response(answer.response, media_type="application/json", headers=NO_STORE)


@router.post("/refund-orders/{refund_id}/decision")
async def decide_on_refund(refund_id: UUID, body: Decision, who: StaffMember, resources: ResourcesOf) -> Response:
    """A second person agrees, and the refund is sent; or not."""
    return _json(refund_answer(await decide_refund(resources.begin, refund_id, by=who, agree=body.agree)))


@router.post("/transfer-files", status_code=201)
async def draw_transfer_file(
    request: Request, who: StaffMember, key: IdempotencyKey, resources: ResourcesOf
) -> Response:
    """Put refunds and returns that wait into a new file; each is in one file only."""
    hashed = request_hash(who.encode(), await request.body())
    file_id = await draw_transfers(resources.begin, resources.money, key=key, hashed=hashed)
    return _json({"file_id": file_id}, 201)


@router.get("/transfer-files/{file_id}")
async def fetch_transfer_file(file_id: UUID, who: StaffMember, resources: ResourcesOf) -> Response:
    """pain.001 for the bank. Carries names and accounts: it is made when fetched and kept nowhere."""
    async with resources.begin(is_staff=True) as work:
        transfers = await transfers_of(work, resources.money, file_id)
        content = transfer_file(file_id, transfers, resources.money.bank, work.now)
    return Response(content, media_type="application/xml", headers=NO_STORE)


async def _assign(
    request: Request, resources: Resources, entry_id: UUID, parts: list[Part], who: str, reason: str, key: str
) -> Response:
    hashed = request_hash(who.encode(), await request.body())
    await assign(resources.begin, resources.money, entry_id, parts, by=who, reason=reason, key=key, hashed=hashed)
    return await see_unmatched_entry(entry_id, resources)


async def _order(
    request: Request, resources: Resources, entry_id: UUID, order: EntryOrder, who: str, reason: str, key: str
) -> Response:
    hashed = request_hash(who.encode(), await request.body())
    await order_entry(resources.begin, resources.money, entry_id, order, by=who, reason=reason, key=key, hashed=hashed)
    return await see_unmatched_entry(entry_id, resources)


def _entry(entry: BankEntry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "position": entry.position,
        "direction": entry.direction,
        "amount": entry.amount,
        "currency": entry.currency,
        "booked_on": entry.booked_on,
        "value_on": entry.value_on,
        "is_reversal": entry.is_reversal,
        "charges": entry.charges,
        "state": entry.state,
        "why": entry.why,
        "rest": entry.rest,
    }


def _split(split: Split) -> dict[str, Any]:
    """`parts` may be sent to `/split` as they are; `left` is more than all of these debts."""
    parts = [{"case_id": case_id, "amount": amount} for case_id, amount in split.parts]
    return {"rule": "civil_code_560", "parts": parts, "named": list(split.named), "left": split.left}


def _view(view: EntryView) -> dict[str, Any]:
    entry = view.entry
    return {
        **_entry(entry),
        "proposals": list(entry.proposals),
        "ordered_as": entry.ordered_as,
        "decided_by": entry.decided_by,
        "checked_by": entry.checked_by,
        "reason": entry.reason,
        "allocations": [
            {
                "allocation_id": a.allocation_id,
                "case_id": a.case_id,
                "amount": a.amount,
                "state": a.state,
                "made_by": a.made_by,
                "checked_by": a.checked_by,
                "reason": a.reason,
            }
            for a in view.allocations
        ],
    }
