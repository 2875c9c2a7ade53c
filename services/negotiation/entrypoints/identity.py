"""Who is calling: a borrower by the key of a session; a member of the staff, who is noted where a file is read."""

from __future__ import annotations

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.negotiation.application.note_looks import note_staff_look
from services.negotiation.application.ports import Resources
from services.negotiation.application.visit_portal import visit_portal
from services.negotiation.domain.access import NotEntered
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.refusal import Invalid, Reason
from shared.service.staff import STAFF_ID_HEADER, staff_id_of

KEY_LENGTH_MAX = 255
UNNAMED_STAFF = "staff"

_ACCESS_TOKEN = HTTPBearer(scheme_name="Access token", description="of `POST /v1/borrower/sessions`", auto_error=False)


AccessToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_ACCESS_TOKEN)]


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesOf = Annotated[Resources, Depends(_resources)]


async def _borrowers_case(request: Request, resources: ResourcesOf, credentials: AccessToken) -> UUID:
    if credentials is None:
        raise NotEntered
    return (await visit_portal(resources, credentials.credentials, called_by_pattern(request))).case_id


async def _idempotency_key(idempotency_key: Annotated[str, Header()] = "") -> str:
    if not 1 <= len(idempotency_key) <= KEY_LENGTH_MAX:
        pointer = "/headers/Idempotency-Key"
        reason = Reason("idempotency_key_missing", pointer, f"1 to {KEY_LENGTH_MAX} characters")
        raise Invalid("idempotency_key_missing", "this request needs an Idempotency-Key", [reason])
    return idempotency_key


async def note_staff(request: Request) -> None:
    """Note that staff read a case's file, before it is shown: the borrower may see who looked.

    For every `GET /v1/cases/{case_id}/...`. Whether the token is right is for the route itself to refuse; here nothing
    is noted without it.
    """
    case_id = request.path_params.get("case_id")
    if request.method != "GET" or case_id is None or not called_by_pattern(request).startswith("GET /v1/cases/"):
        return
    resources: Resources = request.app.state.resources
    given = request.headers.get("authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, f"Bearer {resources.staff_token}".encode()):
        return
    who = request.headers.get(STAFF_ID_HEADER)
    try:
        await note_staff_look(
            resources, UUID(case_id), staff_id_of(who) if who else UNNAMED_STAFF, called_by_pattern(request)
        )
    except (NoSuchThing, ValueError):
        return


def called_by_pattern(request: Request) -> str:
    """The request as its route's pattern: never with a value in it."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"


BorrowersCase = Annotated[UUID, Depends(_borrowers_case)]
"""The case that the caller's access token opens; each use of it is noted."""
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
