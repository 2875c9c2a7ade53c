"""Settings of negotiation; only main reads them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from shared.service.settings import SANDBOX_SECRET, ServiceSettings


class NegotiationSettings(ServiceSettings):
    """`link_secret` signs the links that borrowers get (outreach signs with the same), `staff_token` is the bearer."""

    intake_url: str = "http://127.0.0.1:8101"
    link_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
    guide_figures: Path | None = None
    agency_name_en: str = "Concord Recovery Services"
    agency_name_zh: str = "协和催收服务"
    agency_telephone: str = Field(
        default="+1 212 555 0100", description="where borrowers call; invented in the sandbox"
    )
    agency_post_en: str = Field(default="1 Example Street, New York, NY 10001", description="where borrowers write to")
    agency_post_zh: str = Field(default="示例市示例路1号", description="the same for those who read Chinese")
