"""Lenders call by themselves: a request signed with their key, checked before anything of it is parsed.

`creditor_id: LendersCreditor` in a route is the lender that signed; open the work with `tenant=creditor_id`.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader
from starlette.exceptions import HTTPException

from services.negotiation.application.lender_ports import LenderKeysAway, SignedRequest
from services.negotiation.application.ports import Resources
from shared.kernel.refusal import Unidentified
from shared.service.signatures import KEY_ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER

BODY_BYTES_MAX = 64_000
LENGTHS_MAX = {KEY_ID_HEADER: 100, TIMESTAMP_HEADER: 12, SIGNATURE_HEADER: 1_000}
PATH_LENGTH_MAX = 4_000

# For the API's description alone: the checks are below.
_SIGNED = APIKeyHeader(
    name=SIGNATURE_HEADER,
    scheme_name="Signed request",
    description=f"HMAC-SHA256 over time, method, path and body, with {KEY_ID_HEADER} and {TIMESTAMP_HEADER}",
    auto_error=False,
)
IS_SIGNED = Security(_SIGNED)
"""`dependencies=[IS_SIGNED]` on a router of lenders' routes: describes the scheme."""


async def lenders_creditor(request: Request) -> UUID:
    """The lender that signed the request. Raises `Unidentified`; 413 above 64 kB, 503 while nobody can tell."""
    resources: Resources = request.app.state.resources
    given = {name: request.headers.get(name, "") for name in LENGTHS_MAX}
    if any(not value or len(value) > LENGTHS_MAX[name] for name, value in given.items()):
        raise Unidentified("signature_missing", f"{', '.join(LENGTHS_MAX)} are required")
    body, path = await request.body(), _signed_path(request)
    if len(body) > BODY_BYTES_MAX or len(path) > PATH_LENGTH_MAX:
        raise HTTPException(413)
    signed = SignedRequest(
        given[KEY_ID_HEADER], given[TIMESTAMP_HEADER], given[SIGNATURE_HEADER], request.method, path, body
    )
    try:
        return await resources.lender_keys.creditor_of(signed)
    except LenderKeysAway:
        raise HTTPException(503, headers={"Retry-After": "5"}) from None


LendersCreditor = Annotated[UUID, Depends(lenders_creditor)]


def _signed_path(request: Request) -> str:
    path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{path}?{query}" if query else path
