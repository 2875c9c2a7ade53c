"""Who is calling: a borrower by the link they were sent, or staff by bearer."""

from __future__ import annotations

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request

from services.negotiation.application.ports import Resources
from shared.kernel.refusal import Invalid, Reason, Unidentified
from shared.service.links import read_token

KEY_LENGTH_MAX = 255


def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesOf = Annotated[Resources, Depends(_resources)]


def _borrowers_case(token: str, resources: ResourcesOf) -> UUID:
    return read_token(resources.link_secret, token, resources.clock.now())


def _staff(resources: ResourcesOf, authorization: Annotated[str, Header()] = "") -> None:
    expected = f"Bearer {resources.staff_token}"
    if not hmac.compare_digest(authorization.encode("utf-8", "replace"), expected.encode()):
        raise Unidentified("staff_only", "a staff token is required")


def _idempotency_key(idempotency_key: Annotated[str, Header()] = "") -> str:
    if not 1 <= len(idempotency_key) <= KEY_LENGTH_MAX:
        pointer = "/headers/Idempotency-Key"
        reason = Reason("idempotency_key_missing", pointer, f"1 to {KEY_LENGTH_MAX} characters")
        raise Invalid("idempotency_key_missing", "this request needs an Idempotency-Key", [reason])
    return idempotency_key


BorrowersCase = Annotated[UUID, Depends(_borrowers_case)]
Staff = Depends(_staff)
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
