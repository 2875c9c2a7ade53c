"""Settings of negotiation; only main reads them."""

from __future__ import annotations

from pydantic import SecretStr

from shared.service.settings import SANDBOX_SECRET, ServiceSettings


class NegotiationSettings(ServiceSettings):
    """`link_secret` signs the links that borrowers get (outreach signs with the same), `staff_token` is the bearer."""

    intake_url: str = "http://127.0.0.1:8101"
    link_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
