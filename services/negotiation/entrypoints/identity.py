"""Who is calling: a borrower by the link they were sent, or staff by bearer."""

from __future__ import annotations

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from opentelemetry import trace

from services.negotiation.application.ports import Resources
from shared.kernel.refusal import Invalid, Reason, Unidentified
from shared.service.links import read_token

KEY_LENGTH_MAX = 255


async def _hide_address() -> None:
    """The link is a key: the trace keeps the route and forgets the address with the key in it."""
    span = trace.get_current_span()
    for attribute in ("http.url", "http.target", "url.full", "url.path"):
        span.set_attribute(attribute, "hidden")


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesOf = Annotated[Resources, Depends(_resources)]


async def _borrowers_case(token: str, resources: ResourcesOf) -> UUID:
    return read_token(resources.link_secret, token, resources.clock.now())


async def _staff(resources: ResourcesOf, authorization: Annotated[str, Header()] = "") -> None:
    expected = f"Bearer {resources.staff_token}"
    if not hmac.compare_digest(authorization.encode("utf-8", "replace"), expected.encode()):
        raise Unidentified("staff_only", "a staff token is required")


async def _idempotency_key(idempotency_key: Annotated[str, Header()] = "") -> str:
    if not 1 <= len(idempotency_key) <= KEY_LENGTH_MAX:
        pointer = "/headers/Idempotency-Key"
        reason = Reason("idempotency_key_missing", pointer, f"1 to {KEY_LENGTH_MAX} characters")
        raise Invalid("idempotency_key_missing", "this request needs an Idempotency-Key", [reason])
    return idempotency_key


BorrowersCase = Annotated[UUID, Depends(_borrowers_case)]
HiddenAddress = Depends(_hide_address)
Staff = Depends(_staff)
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
