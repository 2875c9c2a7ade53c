"""The vault's interface for the other services: the plain value, at the moment it is needed, to a signed request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson
from fastapi import APIRouter, Response

from services.intake.application.check_second_factor import check_second_factor
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
    SecondFactorBody,
)
from shared.service.sign_in_limit import SignInFailures

router = APIRouter(prefix="/internal/v1", tags=["vault"], dependencies=[IS_SIGNED])
_NO_STORE = {"Cache-Control": "no-store"}
# The second wall: the portal counts wrong answers by link and case; whoever got hold of a service key meets this one.
_wrong_answers = SignInFailures()


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


@router.post("/persons/second-factor", openapi_extra=described((JSON, schema_of(SecondFactorBody))))
async def second_factor(resources: OpenedResources, body: SignedService) -> Response:
    """Which question proves a case's borrower, and whether an answer to it is right; never the value."""
    asked = parse_body(SecondFactorBody, body)
    if asked.answer is not None:
        _wrong_answers.check(str(asked.case_id))
    checked = await check_second_factor(resources, asked.case_id, asked.answer)
    if checked.is_right is False:
        _wrong_answers.note_failure(str(asked.case_id))
    return Response(orjson.dumps(asdict(checked)), media_type=JSON, headers=_NO_STORE)


def _answer(name: str, found: Sequence[object]) -> Response:
    # The driver's UUIDs are a subclass, which orjson leaves to us.
    return Response(orjson.dumps({name: found}, default=str), media_type=JSON, headers=_NO_STORE)
