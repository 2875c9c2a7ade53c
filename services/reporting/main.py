"""Composition root of reporting."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.reporting.adapters.recording import PostgresRecording
from services.reporting.adapters.resources import open_resources
from services.reporting.adapters.tables import metadata
from services.reporting.application.ports import Resources
from services.reporting.application.rebuild_figures import rebuild_figures
from services.reporting.entrypoints import events, http
from services.reporting.entrypoints.console import pages
from services.reporting.settings import ReportingSettings
from shared.db.database import open_database
from shared.service.roles import open_clock
from shared.service.service import Service


async def rebuild(settings: ReportingSettings | None = None) -> int:
    """Fold the journal into the figures again; answers with the number of entries."""
    settings = settings or ReportingSettings()
    database = open_database(
        settings.database_url, "reporting", open_clock(settings), role="concord_worker", application="reporting-rebuild"
    )
    async with database.transaction() as transaction:
        folded = await rebuild_figures(PostgresRecording(transaction))
        await transaction.commit()
    await database.close()
    return folded


def create_service(settings: ReportingSettings | None = None) -> Service[Resources]:
    settings = settings or ReportingSettings()
    return Service(
        name="reporting",
        title="Concord reporting",
        settings=settings,
        metadata=metadata,
        migrations=Path(__file__).parent / "migrations",
        open_resources=partial(
            open_resources,
            staff_token=settings.staff_token.get_secret_value(),
            token_secret=settings.token_secret.get_secret_value().encode(),
            traces_url=settings.traces_url,
            needs_https=settings.environment == "production",
        ),
        routers=[http.router, pages.router],
        subscriptions=events.subscriptions,
    )
