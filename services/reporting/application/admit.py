"""Admit somebody: staff by token or console session, a lender by a token that staff made for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.reporting.application.ports import Access
from services.reporting.domain.scope import (
    STAFF,
    Scope,
    is_same_secret,
    make_lender_token,
    make_session,
    read_lender_token,
    read_session,
)
from shared.kernel.refusal import Unidentified

SESSION_HOURS = 12
LENDER_TOKEN_DAYS_MAX = 366
TOKEN_LENGTH_MAX = 512


def admit_bearer(access: Access, authorization: str | None) -> Scope:
    """The scope of an `Authorization: Bearer` header. Raises `Unidentified`."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= TOKEN_LENGTH_MAX:
        raise Unidentified("token_missing", "Authorization: Bearer <token> is required")
    if token.startswith("lender."):
        return read_lender_token(access.token_secret, token, access.wall.now())
    if is_same_secret(token, access.staff_token):
        return STAFF
    raise Unidentified("token_invalid", "this token is not valid, or not any more")


def admit_session(access: Access, cookie: str | None) -> Scope:
    """The scope of a console session's cookie. Raises `Unidentified`."""
    if not cookie or len(cookie) > TOKEN_LENGTH_MAX:
        raise Unidentified("session_missing", "sign in first")
    return read_session(access.token_secret, cookie, access.wall.now())


def sign_in(access: Access, who: str, token: str) -> str:
    """A session for the right staff token. Raises `Unidentified`, or `Overloaded` after too many wrong ones."""
    access.sign_ins.check(who)
    if len(token) > TOKEN_LENGTH_MAX or not is_same_secret(token, access.staff_token):
        access.sign_ins.note_failure(who)
        raise Unidentified("token_invalid", "this token is not valid")
    return make_session(access.token_secret, access.wall.now() + timedelta(hours=SESSION_HOURS))


def issue_lender_token(access: Access, scope: Scope, creditor_id: UUID, days: int) -> tuple[str, datetime]:
    """A token with which one creditor reads its own figures, and when it ends."""
    scope.require_staff()
    expires_at = (access.wall.now() + timedelta(days=min(days, LENDER_TOKEN_DAYS_MAX))).replace(microsecond=0)
    return make_lender_token(access.token_secret, creditor_id, expires_at), expires_at
