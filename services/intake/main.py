"""Composition root of intake."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.intake.adapters.resources import Configuration, open_resources
from services.intake.adapters.tables import metadata
from services.intake.application.ports import Resources
from services.intake.entrypoints import events, http
from services.intake.settings import IntakeSettings
from shared.service.service import Service


def create_service(settings: IntakeSettings | None = None) -> Service[Resources]:
    settings = settings or IntakeSettings()
    return Service(
        name="intake",
        title="Concord intake",
        settings=settings,
        metadata=metadata,
        migrations=Path(__file__).parent / "migrations",
        open_resources=partial(open_resources, _configuration(settings)),
        routers=http.routers,
        subscriptions=events.subscriptions,
        sheds_load=True,
    )


def _configuration(settings: IntakeSettings) -> Configuration:
    return Configuration(
        database_url=settings.database_url,
        vault_key=settings.vault_key.get_secret_value().encode(),
        staff_token=settings.staff_token.get_secret_value(),
        service_secret=settings.service_secret.get_secret_value().encode(),
        limitation_years_us=settings.limitation_years_us,
        as_of_age_days_max=settings.as_of_age_days_max,
        accepts_generated=settings.environment == "sandbox",
        person_token_versions=settings.person_token_versions,
    )
