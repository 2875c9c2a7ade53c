"""For the agency's own people: onboarding creditors, and erasing a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from services.intake.application.erase_person import erase_person
from services.intake.application.onboard_creditor import creditor_id_of, onboard_creditor
from services.intake.domain.creditor import Creditor, Mandate
from services.intake.entrypoints.bodies import JSON, parse_body
from services.intake.entrypoints.callers import OpenedResources
from services.intake.entrypoints.documents import described, schema_of
from services.intake.entrypoints.schemas import CreditorBody
from shared.service.staff import Staff

router = APIRouter(tags=["staff"], dependencies=[Staff])


@router.post("/v1/creditors", status_code=201, openapi_extra=described((JSON, schema_of(CreditorBody))))
async def onboard(request: Request, resources: OpenedResources, rotate: bool = False) -> Response:
    """Onboard a creditor: 201 with its id and first key. It is there already: 409, or with `rotate=true` 200, a new key
    beside the old ones (which end after 24 hours), and the licence and mandate as given now."""
    body = parse_body(CreditorBody, await request.body())
    key = await onboard_creditor(resources, _creditor(body), rotate=rotate)
    answer = {"creditor_id": str(key.creditor_id), "key_id": key.key_id, "secret": key.secret}
    return Response(orjson.dumps(answer), status_code=200 if key.is_rotation else 201, media_type=JSON)


@router.post("/v1/persons/{person_id}/erase")
async def erase(person_id: UUID, resources: OpenedResources) -> dict[str, Any]:
    """Erase a person from the vault for good: rows, key and indexes. A second time changes nothing."""
    erasure = await erase_person(resources, person_id)
    return {
        "person_id": str(erasure.person_id),
        "case_ids": [str(case_id) for case_id in erasure.case_ids],
        "was_erased_before": not erasure.is_first,
    }


def _creditor(body: CreditorBody) -> Creditor:
    mandate = Mandate(
        discount_max_basis_points=body.mandate.discount_max_basis_points,
        term_months_max=body.mandate.term_months_max,
        instalment_min_minor_units=body.mandate.instalment_min_minor_units,
        pause_months_max=body.mandate.pause_months_max,
        grace_days=body.mandate.grace_days,
        allocation_order=tuple(body.mandate.allocation_order),
    )
    return Creditor(
        creditor_id=creditor_id_of(body.licence_number, body.name),
        name=body.name.strip(),
        licence_number=body.licence_number.strip(),
        licence_expires_on=body.licence_expires_on,
        currency=body.currency,
        jurisdiction=body.jurisdiction,
        mandate=mandate,
    )
