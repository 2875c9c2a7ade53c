"""What is made up for the sandbox does not reach a borrower in production."""

from __future__ import annotations

from typing import Any

import pytest

from services.negotiation.settings import INVENTED, NegotiationSettings

REAL = {name: f"real-{name}" for name in INVENTED}
SECRETS = (
    "service_secret",
    "link_secret",
    "staff_token",
    "evidence_secret",
    "counsel_key",
    "payment_provider_secret",
    "receipts_key",
    "protocol_key",
    "document_key",
    "seal_key",
)


def in_production(**changed: str) -> NegotiationSettings:
    values: dict[str, Any] = {
        **REAL,
        **{name: f"secret-{name}" for name in SECRETS},
        "seal_certificate": "a certificate",
        "payment_provider": "hosted",
        "payment_provider_url": "https://pay.example.com",
        **changed,
    }
    return NegotiationSettings(environment="production", **values)


def test_production_starts_with_an_agency_of_its_own() -> None:
    assert in_production().agency.telephone == REAL["agency_telephone"]


@pytest.mark.parametrize("name", INVENTED)
def test_production_refuses_each_invention_by_its_name(name: str) -> None:
    invented = NegotiationSettings.model_fields[name].default
    with pytest.raises(ValueError, match=f"invented, not for production: {name}"):
        in_production(**{name: invented})
