"""Settings of outreach, read by main alone."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, model_validator

from shared.service.settings import SANDBOX_SECRET, ServiceSettings


class OutreachSettings(ServiceSettings):
    """What every service has, and the addresses and secrets of contact."""

    intake_url: str = "http://127.0.0.1:8101"
    negotiation_url: str = "http://127.0.0.1:8104"
    smtp_host: str | None = Field(default=None, description="mail server; without one the sandbox simulates mail")
    smtp_port: int = Field(default=25, ge=1, le=65_535)
    smtp_use_tls: bool = False
    simulator_url: str | None = Field(default=None, description="provider of text messages, calls and letters")
    sweep_cases: int = Field(default=200, ge=1, le=1_000)
    lease_s: float = Field(default=30.0, ge=0.05, le=600)
    mail_from: str = "notices@collections.example.com"
    agency_name_en: str = "Concord Recovery Services"
    agency_name_zh: str = "协和催收服务"
    complaints_address: str = "complaints@collections.example.com"
    alarm_recipients: list[str] = Field(default=[], max_length=50, description="told of every alarm about conduct")
    alarm_recipients_of: dict[str, list[str]] = Field(
        default={}, max_length=1_000, description="creditor id to addresses told of alarms in its cases"
    )
    agency_code: str = Field(default="concord-recovery", pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$")
    check_page: str = Field(
        default="http://127.0.0.1:8103/genuine", pattern=r"^https?://\S+$", description="where people check a code"
    )
    mail_with_picture: bool = Field(default=False, description="add the code to mail as a picture; some ms each")
    genuine_keys_retired: list[str] = Field(default=[], max_length=50, description="public keys of before, base64")
    letter_folder: Path | None = Field(default=None, description="where letters are left for the print house")
    letter_days: int = Field(default=1_096, ge=1, le=7_305, description="how long a letter's PDF is kept")

    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
    webhook_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    link_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    vault_key: SecretStr = SecretStr(SANDBOX_SECRET)
    genuine_key: SecretStr = SecretStr(SANDBOX_SECRET)
    session_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    """Signs the workbench's sessions (SESSION_SECRET)."""

    chooser_explore_percent: int | None = Field(
        default=None, ge=0, le=50, description="share of choices that explore; without it the fixed order is followed"
    )
    harm_alarm_to: list[str] = Field(default=[], max_length=20, description="who is written to when harm rises")
    calls_by_hand: bool = Field(default=False, description="the ladder's calls go to people, not to the provider")

    @model_validator(mode="after")
    def _real_carriers_in_production(self) -> OutreachSettings:
        if self.environment == "production" and not (self.smtp_host and self.simulator_url):
            raise ValueError("production needs a mail server (SMTP_HOST) and a provider (SIMULATOR_URL)")
        return self
