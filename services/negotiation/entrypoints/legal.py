"""Legal files over HTTP, for staff and counsel; the lender's authority by its signed request."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field

from services.negotiation.application import show_legal, take_legal_steps, work_legal_file
from services.negotiation.application.admit_counsel import end_counsel, prove_counsel, register_counsel
from services.negotiation.application.legal_ports import FileHead
from services.negotiation.application.make_bundle import make_bundle
from services.negotiation.application.show_legal import FileView
from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.entrypoints.counsel.texts import bundle_words
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.lender import IS_SIGNED, LendersCreditor
from services.negotiation.entrypoints.schemas import Closed, dumped
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Invalid
from shared.service.staff import STAFF_ID_PATTERN, Staff, StaffMember

staff = APIRouter(prefix="/v1/legal", dependencies=[Staff], tags=["legal"])
lender = APIRouter(prefix="/v1/lender/legal", dependencies=[IS_SIGNED], tags=["lender"])

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Amount = Annotated[int, Field(gt=0, le=10**15, strict=True)]
Limit = Annotated[int, Query(ge=1, le=show_legal.LIST_MAX)]
State = Literal[
    "open",
    "pre_action",
    "letter_before_action",
    "mediation",
    "arbitration",
    "suit",
    "hearing",
    "judgment",
    "enforcement",
    "satisfied",
    "stopped",
    "returned",
]


class SignatureBody(Closed):
    """`contents_hash`: the file's as it was shown."""

    step: Literal["letter_before_action", "arbitration", "suit", "enforcement"]
    decision: Literal["approve", "return", "refuse"]
    reasons: Annotated[tuple[Words, ...], Field(min_length=1, max_length=10)]
    contents_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class TickBody(Closed):
    item: Code
    shown_by: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class StepBody(Closed):
    """`amount_minor_units` and `reference` for a claim; the days for a judgment."""

    step: Literal["letter_before_action", "mediation", "arbitration", "suit", "judgment", "enforcement"]
    amount_minor_units: Amount | None = None
    reference: Annotated[str, Field(pattern=r"^[\w ./:-]{1,64}$")] = "—"
    is_won: bool = True
    pay_by: date | None = None
    enforceable_until: date | None = None


class AuthorityBody(Closed):
    """How far, and for how much, in minor units of the case's currency."""

    steps: Annotated[tuple[Literal["arbitration", "suit", "enforcement"], ...], Field(min_length=1, max_length=3)]
    amount_max_minor_units: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class CounselBody(Closed):
    counsel_id: Annotated[str, Field(pattern=STAFF_ID_PATTERN)]
    admitted_in: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]


@staff.get("", summary="Legal files, by age")
async def list_files(
    resources: ResourcesOf, state: State | None = None, limit: Limit = 100, cursor: UUID | None = None
) -> Response:
    """`open` stands for every state that is not an end."""
    found = await show_legal.list_files(resources, state, limit, cursor)
    after = found[-1].legal_id if len(found) == limit else None
    return _json({"files": [_head(head) for head in found], "next_cursor": after})


@staff.get("/refused-handovers", summary="Hand-overs on which no file was opened, and why")
async def list_refused(resources: ResourcesOf) -> Response:
    found = await show_legal.list_refused(resources)
    return _json({"handovers": [{name: getattr(each, name) for name in each.__slots__} for each in found]})


@staff.post("/counsel", summary="Register a lawyer; their token is answered once", status_code=201)
async def post_counsel(body: CounselBody, who: StaffMember, resources: ResourcesOf) -> Response:
    token = await register_counsel(resources, who, body.counsel_id, body.admitted_in)
    return _json({"counsel_id": body.counsel_id, "token": token}, 201)


@staff.delete("/counsel/{counsel_id}", summary="They sign nothing any more", status_code=204)
async def delete_counsel(counsel_id: str, who: StaffMember, resources: ResourcesOf) -> Response:
    await end_counsel(resources, who, counsel_id)
    return Response(status_code=204)


@staff.get("/{legal_id}", summary="One file with what its next steps lack")
async def see_file(legal_id: UUID, resources: ResourcesOf) -> Response:
    return _json(_view(await show_legal.show_file(resources, legal_id)))


@staff.get("/{legal_id}/bundle", summary="The evidence bundle: one indexed PDF")
async def see_bundle(legal_id: UUID, resources: ResourcesOf, language: Literal["en", "zh"] = "en") -> Response:
    content = await make_bundle(resources, legal_id, language, bundle_words(language))
    return Response(content, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@staff.post("/{legal_id}/checks", summary="An item of the checklist was looked at")
async def post_check(legal_id: UUID, body: TickBody, who: StaffMember, resources: ResourcesOf) -> Response:
    return _json(_file(await work_legal_file.tick(resources, who, legal_id, body.item, body.shown_by)))


@staff.post("/{legal_id}/record", summary="Put outreach's record of contacts and denials into the file")
async def post_record(legal_id: UUID, resources: ResourcesOf) -> Response:
    return _json({"is_available": await work_legal_file.collect_record(resources, legal_id)})


@staff.post("/{legal_id}/signatures", summary="Counsel's word, with their own token")
async def post_signature(
    request: Request,
    legal_id: UUID,
    body: SignatureBody,
    who: StaffMember,
    resources: ResourcesOf,
    counsel_token: Annotated[str, Header(alias="X-Counsel-Token", max_length=200)] = "",
) -> Response:
    address = request.client.host if request.client else "unknown"
    await prove_counsel(resources, address, who, counsel_token)
    signed = await work_legal_file.sign_file(
        resources, who, legal_id, body.step, body.decision, body.reasons, body.contents_hash
    )
    return _json(_file(signed))


@staff.post("/{legal_id}/steps", summary="Take a step, or record what a court did")
async def post_step(legal_id: UUID, body: StepBody, who: StaffMember, resources: ResourcesOf) -> Response:
    """403 names the first ground that is missing (`limitation_over`, `not_signed`, `stopped.dispute`)."""
    return _json(_file(await _take(resources, who, legal_id, body)))


@staff.post("/{legal_id}/mediation", summary="How the mediation ended")
async def post_mediation(
    legal_id: UUID,
    result: Literal["declined", "failed", "no_answer", "agreed"],
    who: StaffMember,
    resources: ResourcesOf,
) -> Response:
    return _json(_file(await take_legal_steps.record_mediation(resources, who, legal_id, result)))


@lender.post("/{legal_id}/authority", summary="The lender's authority to sue")
async def post_authority(
    request: Request, legal_id: UUID, body: AuthorityBody, creditor_id: LendersCreditor, resources: ResourcesOf
) -> Response:
    """Kept with the hash of the signed request. The same request again changes nothing."""
    hashed = request_hash(await request.body())
    given = (body.steps, body.amount_max_minor_units, body.currency, hashed)
    return _json(_file(await work_legal_file.give_authority(resources, creditor_id, legal_id, *given)))


async def _take(resources: ResourcesOf, who: str, legal_id: UUID, body: StepBody) -> LegalFile:
    if body.step == "letter_before_action":
        return await take_legal_steps.send_letter(resources, who, legal_id)
    if body.step == "mediation":
        return await take_legal_steps.offer_mediation(resources, who, legal_id)
    if body.step == "enforcement":
        return await take_legal_steps.enforce(resources, who, legal_id)
    if body.step == "judgment":
        if body.pay_by is None or body.enforceable_until is None:
            raise Invalid("judgment_days", "a judgment says by when to pay and until when it may be enforced")
        days = (body.pay_by, body.enforceable_until)
        return await take_legal_steps.record_judgment(resources, who, legal_id, body.is_won, *days)
    amount = body.amount_minor_units or 0
    return await take_legal_steps.file_claim(resources, who, legal_id, body.step, amount, body.reference)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(dumped(content), status, media_type="application/json", headers={"Cache-Control": "no-store"})


def _head(head: FileHead) -> dict[str, Any]:
    return {name: getattr(head, name) for name in head.__slots__}


def _file(file: LegalFile) -> dict[str, Any]:
    return {
        "legal_id": file.legal_id,
        "case_id": file.case_id,
        "state": file.state,
        "halted_by": file.halted_by,
        "outcome": file.outcome,
        "respond_by": file.respond_by,
        "contents_hash": file.contents_hash,
        "entries": file.position,
    }


def _view(view: FileView) -> dict[str, Any]:
    return {
        **_file(view.file),
        "limitation": {"ends_on": view.limit.ends_on, "why": view.limit.why, "regime": view.limit.regime},
        "missing": dict(view.missing),
        "checklist": {item: view.file.ticked(item) is not None for item in (view.law.checks if view.law else ())},
        "documents": [
            {"document_id": d.document_id, "kind": d.kind, "sha256": d.sha256, "size": d.size}
            for d in view.file.documents
        ],
        "signatures": [
            {"step": s.step, "decision": s.decision, "counsel_id": s.counsel_id, "signed_at": s.signed_at}
            for s in view.file.signatures
        ],
        "costs_minor_units": view.costs,
        "deadlines": [
            {"deadline_id": d.deadline_id, "kind": d.kind, "due_on": d.due_on, "is_done": d.is_done}
            for d in view.deadlines
        ],
    }
