"""Who is calling: a borrower, by the link they were sent."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request

from services.negotiation.application.ports import Resources
from shared.kernel.refusal import Invalid, Reason
from shared.service.links import read_token

KEY_LENGTH_MAX = 255


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesOf = Annotated[Resources, Depends(_resources)]


async def _borrowers_case(token: str, resources: ResourcesOf) -> UUID:
    return read_token(resources.link_secret, token, resources.clock.now())


async def _idempotency_key(idempotency_key: Annotated[str, Header()] = "") -> str:
    if not 1 <= len(idempotency_key) <= KEY_LENGTH_MAX:
        pointer = "/headers/Idempotency-Key"
        reason = Reason("idempotency_key_missing", pointer, f"1 to {KEY_LENGTH_MAX} characters")
        raise Invalid("idempotency_key_missing", "this request needs an Idempotency-Key", [reason])
    return idempotency_key


BorrowersCase = Annotated[UUID, Depends(_borrowers_case)]
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
