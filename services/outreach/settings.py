"""Settings of outreach, read by main alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from shared.events.terms import Jurisdiction
from shared.service.settings import SANDBOX_SECRET, ServiceSettings

REPORT_KEY_MIN = 32
SANDBOX_LICENCES: Mapping[str, date] = {"SG": date(2099, 12, 31)}
"""Invented: nobody has licensed the sandbox."""


class OutreachSettings(ServiceSettings):
    """What every service has, and the addresses and secrets of contact."""

    intake_url: str = "http://127.0.0.1:8101"
    negotiation_url: str = "http://127.0.0.1:8104"
    smtp_host: str | None = Field(default=None, description="mail server; without one the sandbox simulates mail")
    smtp_port: int = Field(default=25, ge=1, le=65_535)
    smtp_use_tls: bool = Field(default=False, description="TLS from the first byte (RFC 8314)")
    smtp_start_tls: Literal["required", "opportunistic", "never"] = Field(
        default="opportunistic", description="STARTTLS where SMTP_USE_TLS is off; production requires one of both"
    )
    simulator_url: str | None = Field(
        default=None, description="gateway of text messages, calls and letters; the sandbox's simulator"
    )
    public_url: str | None = Field(
        default=None, pattern=r"^https?://[^\s?#]+$", description="where this API is reached from outside"
    )
    channel_routes: Path | None = Field(default=None, description="providers by channel and market; else as shipped")

    twilio_account_sid: str | None = Field(default=None, pattern=r"^AC[0-9a-f]{32}$")
    twilio_auth_token: SecretStr | None = None
    twilio_from: str | None = Field(default=None, pattern=r"^\+[1-9][0-9]{5,14}$")
    twilio_desk_number: str | None = Field(
        default=None, pattern=r"^\+[1-9][0-9]{5,14}$", description="where a person takes over a call"
    )
    twilio_url: str = Field(default="https://api.twilio.com", pattern=r"^https?://\S+$")

    aliyun_access_key_id: str | None = Field(default=None, pattern=r"^\S{8,64}$")
    aliyun_access_key_secret: SecretStr | None = None
    aliyun_texts: Path | None = Field(default=None, description="file of the texts registered with Alibaba Cloud")
    aliyun_report_key: SecretStr | None = Field(default=None, description="secret part of the address of reports")
    aliyun_sms_url: str = Field(default="https://dysmsapi.aliyuncs.com", pattern=r"^https?://\S+$")

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
    agency_licences: dict[Jurisdiction, date] | None = Field(
        default=None, description="last day of the agency's licence by jurisdiction, as JSON; invented in the sandbox"
    )
    calls_by_hand: bool = Field(default=False, description="the ladder's calls go to people, not to the provider")

    @property
    def licences(self) -> Mapping[str, date]:
        """Where there is none, the places whose law asks for one deny every contact."""
        if self.agency_licences is not None:
            return {str(place): last for place, last in self.agency_licences.items()}
        return {} if self.environment == "production" else SANDBOX_LICENCES

    @model_validator(mode="after")
    def _real_carriers_in_production(self) -> OutreachSettings:
        has_provider = self.simulator_url or self.twilio_account_sid or self.aliyun_access_key_id
        if self.environment == "production" and not (self.smtp_host and has_provider):
            raise ValueError("production needs a mail server (SMTP_HOST) and a provider (SIMULATOR_URL)")
        return self

    @model_validator(mode="after")
    def _providers_are_whole(self) -> OutreachSettings:
        """A provider is named whole or not at all: half of one would silently be none."""
        twilio = (self.twilio_account_sid, self.twilio_auth_token, self.twilio_from)
        if any(twilio) and not all((*twilio, self.public_url)):
            raise ValueError("Twilio needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM and PUBLIC_URL")
        aliyun = (self.aliyun_access_key_id, self.aliyun_access_key_secret, self.aliyun_texts, self.aliyun_report_key)
        if any(aliyun) and not all(aliyun):
            raise ValueError("Alibaba Cloud needs ALIYUN_ACCESS_KEY_ID, _ACCESS_KEY_SECRET, _TEXTS and _REPORT_KEY")
        if self.aliyun_report_key is not None and len(self.aliyun_report_key.get_secret_value()) < REPORT_KEY_MIN:
            raise ValueError(f"ALIYUN_REPORT_KEY has at least {REPORT_KEY_MIN} characters")
        return self

    @model_validator(mode="after")
    def _secrecy_on_the_way_in_production(self) -> OutreachSettings:
        if self.environment != "production":
            return self
        if not self.smtp_use_tls and self.smtp_start_tls != "required":
            raise ValueError("production needs SMTP_USE_TLS or SMTP_START_TLS=required")
        urls = {"PUBLIC_URL": self.public_url, "TWILIO_URL": self.twilio_url, "ALIYUN_SMS_URL": self.aliyun_sms_url}
        open_ones = [name for name, url in urls.items() if url is not None and not url.startswith("https://")]
        if open_ones:
            raise ValueError(f"production needs https: {', '.join(open_ones)}")
        return self
