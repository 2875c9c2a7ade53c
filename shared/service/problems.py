"""Every refusal as problem+json (RFC 9457), in one place: one stable type, every reason at once, no values repeated."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.kernel.refusal import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Overloaded,
    Reason,
    Refusal,
    Unidentified,
)
from shared.messaging.backoff import is_transient

STATUS: dict[type[Refusal], int] = {
    Invalid: 422,
    NotFound: 404,
    Conflict: 409,
    NotAllowed: 403,
    Unidentified: 401,
    Overloaded: 429,
}
RETRY_AFTER_S = 5

log = structlog.get_logger("concord.http")


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(
    status: int, code: str, message: str, reasons: Sequence[Reason] = (), headers: dict[str, str] | None = None
) -> ProblemResponse:
    """One problem document. `type` is a stable URN; `errors` lists every reason with its JSON pointer."""
    body: dict[str, Any] = {
        "type": f"urn:concord:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": message,
    }
    if reasons:
        body["errors"] = [{"code": r.code, "pointer": r.pointer, "detail": r.message} for r in reasons]
    return ProblemResponse(body, status_code=status, headers=headers)


def refusal_response(refusal: Refusal) -> ProblemResponse:
    status = next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 422)
    headers = {"Retry-After": str(refusal.retry_after_s)} if isinstance(refusal, Overloaded) else None
    return problem(status, refusal.code, refusal.message, refusal.reasons, headers)


def validation_reasons(errors: Sequence[Any], prefix: str = "") -> list[Reason]:
    """pydantic's errors as reasons: where and which rule, never the input."""
    reasons = []
    for error in errors:
        place = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
        pointer = prefix + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in place)
        reasons.append(Reason(str(error["type"]), pointer, str(error["msg"])))
    return reasons


def install_problems(app: FastAPI) -> None:
    """Answer every failure of this app as a problem."""

    @app.exception_handler(Refusal)
    async def _refused(_: Request, refusal: Refusal) -> ProblemResponse:
        return refusal_response(refusal)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> ProblemResponse:
        errors = error.errors()
        if any(entry["type"] == "json_invalid" for entry in errors):
            return problem(400, "malformed_json", "the body is not JSON", validation_reasons(errors))
        return problem(422, "invalid_request", "the request breaks its schema", validation_reasons(errors))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> ProblemResponse:
        phrase = HTTPStatus(error.status_code).phrase
        return problem(error.status_code, phrase.lower().replace(" ", "_"), phrase, headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def _broken(request: Request, error: Exception) -> ProblemResponse:
        if is_transient(error):
            log.warning("http.unavailable", error=type(error).__name__)
            return problem(503, "unavailable", "a server we need is away", headers={"Retry-After": str(RETRY_AFTER_S)})
        route = request.scope.get("route")
        log.error("http.failed", route=getattr(route, "path", ""), method=request.method, exc_info=error)
        return problem(500, "internal", "this is our fault; it has been recorded")
