"""The staff's bearer token: one for all until staff log in by themselves. Used by every API that staff may call."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.kernel.refusal import Unidentified

_BEARER = HTTPBearer(scheme_name="Staff token", description="`STAFF_TOKEN` of the installation", auto_error=False)


async def require_staff(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> None:
    """Raise `Unidentified` unless the request carries the token that the service's resources name `staff_token`."""
    expected: str = request.app.state.resources.staff_token
    given = credentials.credentials if credentials else ""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Unidentified("staff_unidentified", "a valid staff token is required")


Staff = Depends(require_staff)
"""`dependencies=[Staff]` on a route or a router."""
