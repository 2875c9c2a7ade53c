"""Assessment, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from services.assessment.adapters.model_files import read_model, read_reasons
from services.assessment.adapters.tables import metadata
from services.assessment.adapters.work import DatabaseWork, begin_work
from services.assessment.application.ports import Resources
from services.assessment.entrypoints import events, http
from services.assessment.settings import AssessmentSettings
from shared.service.service import Platform, Service


def create_service(settings: AssessmentSettings | None = None) -> Service[Resources]:
    """The service as its roles run it. Nothing is opened yet."""
    settings = settings or AssessmentSettings()
    return Service(
        name="assessment",
        title="Concord assessment",
        settings=settings,
        metadata=metadata,
        migrations=Path(__file__).parent / "migrations",
        open_resources=partial(open_resources, settings),
        routers=[http.router],
        subscriptions=events.subscriptions,
    )


@asynccontextmanager
async def open_resources(settings: AssessmentSettings, platform: Platform) -> AsyncIterator[Resources]:
    """The model is read once a process: a new version comes with a new start, never in the middle of a batch."""
    yield Resources(
        clock=platform.clock,
        model_in_use=read_model(),
        reasons=read_reasons(),
        staff_token=settings.staff_token.get_secret_value(),
        begin=partial(begin_work, platform.database),
        work=DatabaseWork,
    )
