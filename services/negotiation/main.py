"""Composition root of negotiation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx

from services.negotiation.adapters.bureau.opening import open_bureau
from services.negotiation.adapters.conversations import Ed25519Pen
from services.negotiation.adapters.documents.papers import open_papers
from services.negotiation.adapters.evidence_sealer import EvidenceSealer
from services.negotiation.adapters.intake import TIMEOUT_S, IntakeVault
from services.negotiation.adapters.legal_desk import open_legal_desk
from services.negotiation.adapters.lender_keys import IntakesLenderKeys
from services.negotiation.adapters.means import load_guides
from services.negotiation.adapters.money import open_money
from services.negotiation.adapters.own_record import OutreachRecord
from services.negotiation.adapters.sandbox_payments.router import router as sandbox_pay
from services.negotiation.adapters.tables import metadata
from services.negotiation.adapters.work import BeginWork, join
from services.negotiation.application.access_ports import Portal
from services.negotiation.application.ports import Resources
from services.negotiation.entrypoints import events
from services.negotiation.entrypoints.routers import NOTED
from services.negotiation.settings import NegotiationSettings
from shared.kernel.clock import SystemClock
from shared.service.service import Platform, Service


def create_service(settings: NegotiationSettings | None = None) -> Service[Resources]:
    settings = settings or NegotiationSettings()
    return Service(
        name="negotiation",
        title="Concord negotiation",
        settings=settings,
        metadata=metadata,
        migrations=Path(__file__).parent / "migrations",
        open_resources=partial(open_resources, settings),
        routers=[NOTED, *([sandbox_pay] if settings.payment_provider == "sandbox" else [])],
        subscriptions=events.subscriptions,
        timers=events.timers,
    )


@asynccontextmanager
async def open_resources(settings: NegotiationSettings, platform: Platform) -> AsyncIterator[Resources]:
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=10)
    async with httpx.AsyncClient(base_url=settings.intake_url, timeout=TIMEOUT_S, limits=limits) as client:
        service_secret = settings.service_secret.get_secret_value().encode()
        vault = IntakeVault(client, service_secret, platform.clock)
        yield Resources(
            clock=platform.clock,
            begin=BeginWork(platform.database),
            join=join,
            vault=vault,
            link_secret=settings.link_secret.get_secret_value().encode(),
            staff_token=settings.staff_token.get_secret_value(),
            guides=load_guides(settings.guide_figures),
            lender_keys=IntakesLenderKeys(client, service_secret, platform.clock),
            staff_roles=settings.staff_roles,
            sealer=EvidenceSealer(settings.evidence_secret.get_secret_value().encode()),
            portal=Portal(
                machine=SystemClock(),
                factor=vault,
                agency=settings.agency,
                form_key=settings.link_secret.get_secret_value().encode(),
                is_https_only=settings.environment == "production",
            ),
            money=open_money(settings, platform, client),
            papers=open_papers(settings.papers),
            bureau=open_bureau(settings.bureau_folder, settings.environment),
            legal=open_legal_desk(settings, client, platform.clock),
            pen=Ed25519Pen(settings.protocol_key.get_secret_value()),
            record=OutreachRecord(client, service_secret, platform.clock, settings.outreach_url),
        )
