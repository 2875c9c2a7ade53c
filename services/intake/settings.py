"""Intake's settings; only main reads them."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator

from shared.service.settings import SANDBOX_SECRET, ServiceSettings

KEY_LENGTH_MIN = 32


class IntakeSettings(ServiceSettings):
    vault_key: SecretStr = SecretStr(SANDBOX_SECRET)
    """Root of the vault's keys: at least 32 random characters. Lost, nothing in the vault opens again."""
    person_token_versions: tuple[int, ...] = Field(
        default=(1,), min_length=1, max_length=3, description="versions of the key of person tokens, the newest first"
    )
    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
    limitation_years_us: int = Field(default=6, ge=3, le=15, description="statute of limitations used for US debts")
    as_of_age_days_max: int = Field(default=92, ge=1, le=366, description="older figures are refused as stale")

    @model_validator(mode="after")
    def _long_enough_keys(self) -> Self:
        if self.environment == "production" and len(self.vault_key.get_secret_value()) < KEY_LENGTH_MIN:
            raise ValueError(f"VAULT_KEY has at least {KEY_LENGTH_MIN} characters")
        return self
