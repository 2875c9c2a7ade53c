"""Who is calling: a lender or a service by its signature, staff by a token. Checked before anything is parsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyHeader
from starlette.exceptions import HTTPException

from services.intake.application.onboard_creditor import find_key
from services.intake.application.ports import Resources
from services.intake.domain.creditor import Creditor
from services.intake.domain.refusals import IdempotencyKeyMissing
from shared.db.idempotency import KEY_LENGTH_MAX, request_hash
from shared.kernel.clock import SystemClock
from shared.kernel.refusal import Unidentified
from shared.service.signatures import KEY_ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, verify

SERVICE_KEY_PREFIX = "service:"
KEY_ID_LENGTH_MAX = 100

# For the API's description alone: the checks are below.
_SIGNED = APIKeyHeader(
    name=SIGNATURE_HEADER,
    scheme_name="Signed request",
    description=f"HMAC-SHA256 over time, method, path and body, with {KEY_ID_HEADER} and {TIMESTAMP_HEADER}",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Lender:
    """A creditor that has proved who it is, with the raw body it signed."""

    creditor: Creditor
    body: bytes
    content_type: str
    request_hash: str


def resources_of(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


async def signed_lender(request: Request) -> Lender:
    """Raises `Unidentified`, the same for an unknown key and a wrong signature."""
    resources = resources_of(request)
    body = await _raw_body(request)
    key_id = request.headers.get(KEY_ID_HEADER, "")[:KEY_ID_LENGTH_MAX]
    found = await find_key(resources, key_id, resources.clock.now()) if key_id else None
    verify(
        [found[1]] if found else [],
        request.headers,
        now=_transport_time(request),
        method=request.method,
        path=_signed_path(request),
        body=body,
    )
    assert found is not None
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    hashed = request_hash(request.method.encode(), _signed_path(request).encode(), content_type.encode(), body)
    return Lender(found[0], body, content_type, hashed)


async def signed_service(request: Request) -> bytes:
    """The raw body that another service signed."""
    resources = resources_of(request)
    body = await _raw_body(request)
    if not request.headers.get(KEY_ID_HEADER, "").startswith(SERVICE_KEY_PREFIX):
        raise Unidentified("signature_wrong", "the key id or the signature is wrong")
    verify(
        [resources.service_secret],
        request.headers,
        now=_transport_time(request),
        method=request.method,
        path=_signed_path(request),
        body=body,
    )
    return body


def given_key(idempotency_key: Annotated[str | None, Header(max_length=1_000)] = None) -> str | None:
    """The Idempotency-Key, where the caller gives one."""
    if idempotency_key is None:
        return None
    is_visible = all("\x21" <= character <= "\x7e" for character in idempotency_key)
    if not is_visible or not 1 <= len(idempotency_key) <= KEY_LENGTH_MAX:
        raise IdempotencyKeyMissing
    return idempotency_key


def required_key(key: Annotated[str | None, Depends(given_key)]) -> str:
    if key is None:
        raise IdempotencyKeyMissing
    return key


SignedLender = Annotated[Lender, Depends(signed_lender)]
SignedService = Annotated[bytes, Depends(signed_service)]
IS_SIGNED = Security(_SIGNED)
GivenKey = Annotated[str | None, Depends(given_key)]
RequiredKey = Annotated[str, Depends(required_key)]
OpenedResources = Annotated[Resources, Depends(resources_of)]


async def _raw_body(request: Request) -> bytes:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415)
    return await request.body()


def _signed_path(request: Request) -> str:
    path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii")
    query = request.scope["query_string"].decode("ascii")
    return f"{path}?{query}" if query else path


def _transport_time(request: Request) -> datetime:
    """The clock that a signature is fresh by: the machine's, or the sandbox's where the caller signed by that.

    A sandbox's clock jumps by hours between sending and receiving; in production the two are the same.
    """
    return nearest_time(resources_of(request), request.headers.get(TIMESTAMP_HEADER, ""))


def nearest_time(resources: Resources, stamp: str) -> datetime:
    """That clock's time for a timestamp as it was sent."""
    business, machine = resources.clock.now(), SystemClock().now()
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return machine
    return min(business, machine, key=lambda now: abs(now.timestamp() - int(stamp)))
