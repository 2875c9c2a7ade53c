"""The staff's bearer token: one for all until staff log in by themselves. Used by every API that staff may call."""

from __future__ import annotations

import hmac
import re
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.kernel.refusal import Invalid, Unidentified

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

STAFF_ID_HEADER = "X-Staff-Id"
STAFF_ID_PATTERN = r"^[a-z0-9._-]{2,40}$"
_STAFF_ID = re.compile(STAFF_ID_PATTERN)


def staff_id_of(given: str | None) -> str:
    """A staff member's code as it may be stored and shown: 2 to 40 of `a-z 0-9 . _ -`. Raises `Invalid`."""
    if given is None or _STAFF_ID.fullmatch(given) is None:
        raise Invalid("staff_id_wrong", "name who acts: 2 to 40 of a-z, 0-9, dot, underscore or hyphen")
    return given


async def require_staff_member(
    staff_id: Annotated[
        str | None, Header(alias=STAFF_ID_HEADER, description="who acts; maker and checker are told apart by it")
    ] = None,
) -> str:
    """The id of who acts. It goes with the staff token, which proves that somebody of the staff does."""
    return staff_id_of(staff_id)


StaffMember = Annotated[str, Depends(require_staff_member)]
"""`who: StaffMember` in a route whose router has `dependencies=[Staff]`."""
