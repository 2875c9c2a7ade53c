"""The vault's interface for the other services: the plain value, at the moment it is needed, to a signed request."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from fastapi import APIRouter, Response

from services.intake.application.reveal_persons import find_contact_point, reveal_contact_points, reveal_persons
from services.intake.application.tokenise_persons import tokenise_persons
from services.intake.entrypoints.bodies import JSON, parse_body
from services.intake.entrypoints.callers import IS_SIGNED, OpenedResources, SignedService
from services.intake.entrypoints.documents import described, schema_of
from services.intake.entrypoints.schemas import (
    FindContactPointBody,
    PersonTokensBody,
    RevealContactPointsBody,
    RevealPersonsBody,
)

router = APIRouter(prefix="/internal/v1", tags=["vault"], dependencies=[IS_SIGNED])
_NO_STORE = {"Cache-Control": "no-store"}


@router.post("/contact-points/reveal", openapi_extra=described((JSON, schema_of(RevealContactPointsBody))))
async def reveal_points(resources: OpenedResources, body: SignedService) -> Response:
    """Values to send to, up to 1,000. Unknown and erased ones are left out: no value, no contact."""
    ids = parse_body(RevealContactPointsBody, body).contact_point_ids
    return _answer("contact_points", await reveal_contact_points(resources, ids))


@router.post("/contact-points/find", openapi_extra=described((JSON, schema_of(FindContactPointBody))))
async def find_point(resources: OpenedResources, body: SignedService) -> Response:
    """Whose contact point a value is, in any tenant."""
    wanted = parse_body(FindContactPointBody, body)
    return _answer("matches", await find_contact_point(resources, wanted.kind, wanted.value))


@router.post("/persons/reveal", openapi_extra=described((JSON, schema_of(RevealPersonsBody))))
async def reveal_names(resources: OpenedResources, body: SignedService) -> Response:
    """Names by case, up to 1,000, for the person's own page."""
    case_ids = parse_body(RevealPersonsBody, body).case_ids
    return _answer("persons", await reveal_persons(resources, case_ids))


@router.post("/persons/tokens", openapi_extra=described((JSON, schema_of(PersonTokensBody))))
async def tokens_of_persons(resources: OpenedResources, body: SignedService) -> Response:
    """Keyed tokens that say which persons of different lenders are the same, up to 1,000 persons."""
    person_ids = parse_body(PersonTokensBody, body).person_ids
    return _answer("persons", await tokenise_persons(resources, person_ids))


def _answer(name: str, found: Sequence[object]) -> Response:
    # The driver's UUIDs are a subclass, which orjson leaves to us.
    return Response(orjson.dumps({name: found}, default=str), media_type=JSON, headers=_NO_STORE)
