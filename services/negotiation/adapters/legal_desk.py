"""Counsel's desk, put together."""

from __future__ import annotations

from typing import Protocol

import httpx
from pydantic import SecretStr

from services.negotiation.adapters.legal_bundle import PdfBundler
from services.negotiation.adapters.outreach import OutreachHandovers
from services.negotiation.application.legal_ports import LegalDesk
from shared.kernel.clock import Clock


class LegalSettings(Protocol):
    """What the desk needs of the settings, which only the composition root reads."""

    @property
    def outreach_url(self) -> str: ...
    @property
    def service_secret(self) -> SecretStr: ...
    @property
    def counsel_key(self) -> SecretStr: ...
    @property
    def environment(self) -> str: ...


def open_legal_desk(settings: LegalSettings, client: httpx.AsyncClient, clock: Clock) -> LegalDesk:
    secret = settings.service_secret.get_secret_value().encode()
    return LegalDesk(
        handovers=OutreachHandovers(client, secret, clock, settings.outreach_url),
        bundler=PdfBundler(),
        key=settings.counsel_key.get_secret_value().encode(),
        cookies_need_https=settings.environment == "production",
    )
