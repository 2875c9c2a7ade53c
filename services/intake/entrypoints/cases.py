"""A lender's cases: look, recall, update; and its borrowers' contact points."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from services.intake.application.add_contact_points import AddContactPoints, add_contact_points
from services.intake.application.answer_once import Once, answer_once
from services.intake.application.recall_case import RecallCase, recall_case
from services.intake.application.show_cases import PAGE_MAX, CaseQuery, list_cases, show_case
from services.intake.application.update_case import UpdateCase, update_case
from services.intake.entrypoints.answers import CaseAnswerBody, CasesAnswerBody
from services.intake.entrypoints.bodies import JSON, parse_body
from services.intake.entrypoints.callers import IS_SIGNED, GivenKey, OpenedResources, RequiredKey, SignedLender
from services.intake.entrypoints.documents import answered, described, schema_of
from services.intake.entrypoints.placements import buckets, contact_point
from services.intake.entrypoints.schemas import ContactPointsBody, RecallBody, UpdateBody

router = APIRouter(tags=["cases"], dependencies=[IS_SIGNED])


@router.get("/v1/cases/{case_id}", responses=answered(CaseAnswerBody))
async def show(case_id: UUID, resources: OpenedResources, lender: SignedLender) -> Response:
    """One case. Another tenant's case is not there (404)."""
    return _json(await show_case(resources, lender.creditor.creditor_id, case_id))


@router.get("/v1/cases", responses=answered(CasesAnswerBody))
async def show_many(
    resources: OpenedResources,
    lender: SignedLender,
    status: Literal["open", "recalled", "closed"] | None = None,
    batch_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Cases in the order they came, a page at a time: go on with `next_cursor` until it is null."""
    query = CaseQuery(status, batch_id, _read_cursor(cursor), limit)
    shown, after = await list_cases(resources, lender.creditor.creditor_id, query)
    return _json({"cases": shown, "next_cursor": _cursor(after) if after else None})


@router.post("/v1/cases/{case_id}/recall", openapi_extra=described((JSON, schema_of(RecallBody))))
async def recall(case_id: UUID, resources: OpenedResources, lender: SignedLender, key: RequiredKey) -> Response:
    """Take a case back. While the borrower keeps an agreed plan this is a 409, unless `force` is true."""
    body = parse_body(RecallBody, lender.body)
    act = partial(recall_case, command=RecallCase(case_id, body.reason, body.force))
    once = Once("recall", key, lender.request_hash)
    return _json(await answer_once(resources, lender.creditor.creditor_id, once, act))


@router.post("/v1/cases/{case_id}/updates", openapi_extra=described((JSON, schema_of(UpdateBody))))
async def update(case_id: UUID, resources: OpenedResources, lender: SignedLender, key: GivenKey) -> Response:
    """Give newer figures of a case."""
    body = parse_body(UpdateBody, lender.body)
    balance = buckets(body.balance) if body.balance else None
    act = partial(update_case, command=UpdateCase(case_id, balance, body.days_past_due))
    once = Once("updates", key, lender.request_hash)
    return _json(await answer_once(resources, lender.creditor.creditor_id, once, act))


@router.post("/v1/persons/{person_id}/contact-points", openapi_extra=described((JSON, schema_of(ContactPointsBody))))
async def add_points(person_id: UUID, resources: OpenedResources, lender: SignedLender, key: GivenKey) -> Response:
    """Add contact points of a borrower, or give newer facts of known ones."""
    body = parse_body(ContactPointsBody, lender.body)
    creditor = lender.creditor
    points = [contact_point(p, creditor.jurisdiction, resources.contact_points) for p in body.contact_points]
    vault = resources.vault.of(creditor.creditor_id)
    act = partial(add_contact_points, vault=vault, command=AddContactPoints(person_id, points))
    once = Once("contact-points", key, lender.request_hash)
    return _json(await answer_once(resources, creditor.creditor_id, once, act))


def _json(answer: bytes | dict[str, Any]) -> Response:
    return Response(answer if isinstance(answer, bytes) else orjson.dumps(answer), media_type=JSON)


def _cursor(case_id: UUID) -> str:
    return base64.urlsafe_b64encode(case_id.bytes).rstrip(b"=").decode()


def _read_cursor(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        error = {"type": "cursor_invalid", "loc": ("query", "cursor"), "msg": "not a cursor of ours"}
        raise RequestValidationError([error]) from None
