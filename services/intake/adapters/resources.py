"""Opens what the ways into intake are given, and closes it again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.intake.adapters.telephone import NumberingPlan
from services.intake.adapters.vault import AesVault
from services.intake.adapters.work import IntakeUnits
from services.intake.application.ports import Resources
from services.intake.domain.checks import Rules
from services.intake.domain.law import jurisdictions
from shared.db.database import open_database
from shared.service.service import Platform

POOL_FOR_ALL = 3


@dataclass(frozen=True)
class Configuration:
    """The plain values that resources are made of."""

    database_url: str
    vault_key: bytes
    staff_token: str
    service_secret: bytes
    limitation_years_us: int
    as_of_age_days_max: int
    accepts_generated: bool
    person_token_versions: tuple[int, ...] = (1,)


@asynccontextmanager
async def open_resources(configuration: Configuration, platform: Platform) -> AsyncIterator[Resources]:
    """The API works as one tenant at a time; finding a key's owner, staff and the vault work across tenants, so on
    connections of their own under the role that may."""
    for_all = platform.database
    if platform.role == "api":
        for_all = open_database(
            configuration.database_url,
            "intake",
            platform.clock,
            role="concord_worker",
            pool_size=POOL_FOR_ALL,
            application="intake-api-for-all",
        )
    try:
        yield Resources(
            clock=platform.clock,
            rules=Rules(
                jurisdictions=jurisdictions(limitation_years_us=configuration.limitation_years_us),
                as_of_age_days_max=configuration.as_of_age_days_max,
                accepts_generated=configuration.accepts_generated,
            ),
            vault=AesVault(configuration.vault_key, configuration.person_token_versions),
            contact_points=NumberingPlan(accepts_invented=configuration.accepts_generated),
            staff_token=configuration.staff_token,
            service_secret=configuration.service_secret,
            units=IntakeUnits(platform.database, for_all),
        )
    finally:
        if for_all is not platform.database:
            await for_all.close()
