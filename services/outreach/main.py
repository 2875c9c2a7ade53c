"""Outreach, put together."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.outreach.adapters.resources import open_resources
from services.outreach.adapters.tables import metadata
from services.outreach.application.ports import Resources
from services.outreach.entrypoints import channels, content, escalation, events, http, proof, replies, timers, workbench
from services.outreach.entrypoints.desk import matter_pages
from services.outreach.entrypoints.desk import pages as desk_pages
from services.outreach.entrypoints.desks import routers as desk_routers
from services.outreach.entrypoints.harm import router as harm_router
from services.outreach.outside import outside_of
from services.outreach.settings import OutreachSettings
from shared.service.service import Service


def create_service(settings: OutreachSettings | None = None) -> Service[Resources]:
    """The service as its roles run it. Nothing is opened yet."""
    settings = settings or OutreachSettings()
    return Service(
        name="outreach",
        title="Concord outreach",
        settings=settings,
        metadata=metadata,
        migrations=Path(__file__).parent / "migrations",
        open_resources=partial(open_resources, outside_of(settings)),
        routers=[
            http.router,
            proof.router,
            replies.router,
            workbench.router,
            desk_pages.router,
            escalation.router,
            harm_router,
            channels.router,
            *content.routers,
            matter_pages.pages,
            *desk_routers,
        ],
        subscriptions=events.subscriptions,
        timers=timers.timers,
        on_quarantine=events.on_quarantine,
    )
