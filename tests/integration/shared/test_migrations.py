"""What the migrations make is what the code believes in, for every service, and each table is guarded as it must be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from services.assessment.main import create_service as assessment
from services.intake.main import create_service as intake
from services.negotiation.main import create_service as negotiation
from services.outreach.main import create_service as outreach
from services.reporting.main import create_service as reporting
from shared.db.migrations import migrate
from shared.kernel.identifiers import new_id
from shared.service.service import AnyService
from tests.support.databases import ServiceDatabases, service_databases
from tests.support.servers import Servers

SERVICES: dict[str, Callable[[], AnyService]] = {
    "intake": intake,
    "assessment": assessment,
    "outreach": outreach,
    "negotiation": negotiation,
    "reporting": reporting,
}


def _differences(connection: Connection, metadata: MetaData) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
    return [entry for entry in compare_metadata(context, metadata) if not _is_version_table(entry)]


def _is_version_table(entry: Any) -> bool:
    return bool(entry[0] == "remove_table" and entry[1].name == "alembic_version")


@pytest.fixture(scope="module", params=SERVICES)
async def databases(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[ServiceDatabases]:
    """Each service's database once, made by its migrations."""
    async with service_databases(servers.database_url, f"m{new_id().hex[-12:]}", request.param) as made:
        yield made


async def test_the_migrations_make_the_tables_that_the_code_declares(databases: ServiceDatabases) -> None:
    async with databases.worker.engine.connect() as connection:
        assert await connection.run_sync(_differences, SERVICES[databases.service]().metadata) == []


async def test_migrating_again_changes_nothing(databases: ServiceDatabases) -> None:
    service = SERVICES[databases.service]()
    await migrate(databases.url, service.name, service.migrations, service.metadata)
    async with databases.worker.engine.connect() as connection:
        assert await connection.run_sync(_differences, service.metadata) == []


async def test_no_process_owns_its_tables_or_may_pass_by_row_level_security(databases: ServiceDatabases) -> None:
    for database in (databases.api, databases.worker):
        async with database.transaction() as transaction:
            driver = await transaction.driver()
            role = await driver.fetchrow(
                "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = current_user"
            )
            owned = await driver.fetchval("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert role is not None
        assert tuple(role) == (False, False, False)
        assert owned == 0


async def test_row_level_security_once_enabled_binds_the_owner_too(databases: ServiceDatabases) -> None:
    async with databases.worker.transaction() as transaction:
        driver = await transaction.driver()
        rows = await driver.fetch(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity AND NOT relforcerowsecurity"
        )
        views = await driver.fetch(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'v' "
            "AND nspname = 'public' AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)"
        )
    assert [row["relname"] for row in rows] == []
    assert [row["relname"] for row in views] == [], "a view without security_invoker shows every tenant's rows"
