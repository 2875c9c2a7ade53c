"""Providers are named whole or not at all, and production talks to nobody in the clear."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.outreach.outside import channels_of
from services.outreach.settings import OutreachSettings

WHOLE: dict[str, Any] = {
    "environment": "production",
    "smtp_host": "relay.example.com",
    "smtp_start_tls": "required",
    "public_url": "https://outreach.example.com/",
    "twilio_account_sid": "AC" + "0f" * 16,
    "twilio_auth_token": "invented",
    "twilio_from": "+12125550100",
    "aliyun_access_key_id": "InventedKeyId",
    "aliyun_access_key_secret": "invented",
    "aliyun_texts": Path("texts.yaml"),
    "aliyun_report_key": "k" * 32,
    **{
        name: f"invented {name}"
        for name, field in OutreachSettings.model_fields.items()
        if "Secret" in str(field.annotation) and "None" not in str(field.annotation)
    },
}


def test_a_whole_production_setting_opens_both_providers_and_no_simulator() -> None:
    settings = channels_of(OutreachSettings(**WHOLE))
    assert settings.twilio is not None
    assert settings.twilio.public_url == "https://outreach.example.com"
    assert settings.aliyun is not None
    assert not settings.simulates


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"twilio_auth_token": None}, "Twilio needs"),
        ({"public_url": None}, "Twilio needs"),
        ({"aliyun_texts": None}, "Alibaba Cloud needs"),
        ({"aliyun_report_key": "short"}, "ALIYUN_REPORT_KEY"),
        ({"smtp_start_tls": "opportunistic"}, "SMTP_START_TLS"),
        ({"twilio_url": "http://api.example.com"}, "TWILIO_URL"),
        ({"public_url": "http://outreach.example.com"}, "PUBLIC_URL"),
        ({"twilio_auth_token": "sandbox-secret-not-for-production"}, "twilio_auth_token"),
        ({"smtp_host": None}, "SMTP_HOST"),
    ],
)
def test_half_a_provider_or_an_open_way_does_not_start(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        OutreachSettings(**(WHOLE | changes))


def test_the_sandbox_needs_none_of_it() -> None:
    settings = channels_of(OutreachSettings())
    assert (settings.twilio, settings.aliyun, settings.simulates) == (None, None, True)
