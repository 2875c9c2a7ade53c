"""Reporting's settings; only `main` reads them."""

from __future__ import annotations

from pydantic import SecretStr

from shared.service.settings import SANDBOX_SECRET, ServiceSettings


class ReportingSettings(ServiceSettings):
    """The environment's names are the fields' in upper case."""

    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
    """What staff sign in with, on the console and as a bearer token."""

    token_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    """Signs console sessions and lenders' tokens (TOKEN_SECRET)."""

    traces_url: str | None = None
    """Where traces are looked at, e.g. Zipkin's address; without it the console shows trace ids without links."""
