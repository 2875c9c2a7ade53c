"""Settings of assessment, read by main alone."""

from __future__ import annotations

from pydantic import SecretStr

from shared.service.settings import SANDBOX_SECRET, ServiceSettings


class AssessmentSettings(ServiceSettings):
    """What every service has, and the staff's token."""

    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
