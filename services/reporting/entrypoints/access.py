"""Who is asking: every route of the JSON API takes its scope from here."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from services.reporting.application.admit import admit_bearer
from services.reporting.application.ports import Resources
from services.reporting.domain.scope import Scope


def resources_of(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


def scope_of(request: Request) -> Scope:
    """Staff or a lender, by the bearer token. Raises `Unidentified`."""
    return admit_bearer(resources_of(request).access, request.headers.get("authorization"))


def staff_of(request: Request) -> Scope:
    """Staff alone. Raises `Unidentified` or `NotAllowed`."""
    scope = scope_of(request)
    scope.require_staff()
    return scope


Reporting = Annotated[Resources, Depends(resources_of)]
Caller = Annotated[Scope, Depends(scope_of)]
Staff = Annotated[Scope, Depends(staff_of)]
