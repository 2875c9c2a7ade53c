"""Migrations: the body of all five `env.py`, and the command that creates a database and brings it up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.database import service_url

ROLES = ("concord_api", "concord_worker")

# Roles belong to the whole server, and five services may migrate at once.
_MAKE_ROLES = """
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['concord_api', 'concord_worker'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    BEGIN
      EXECUTE format('GRANT %I TO CURRENT_USER', name);
    EXCEPTION WHEN OTHERS THEN
      IF SQLERRM NOT LIKE '%concurrently updated%' THEN RAISE; END IF;
    END;
  END LOOP;
END $$
"""
# Before the tables are made, so that a migration may take rights away again (an append-only journal).
_GRANTS = """
GRANT USAGE ON SCHEMA public TO concord_api, concord_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO concord_api, concord_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO concord_api, concord_worker;
"""


async def migrate(database_url: str, service: str, scripts: Path, metadata: MetaData) -> None:
    """Create the service's database where there is none, and upgrade it to the newest migration. Safe to repeat."""
    url = service_url(database_url, service)
    await _create_database(url)
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('concord.migrate'))"))
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(_GRANTS)
            await connection.run_sync(_upgrade, scripts, metadata)
    finally:
        await engine.dispose()


async def _create_database(url: URL) -> None:
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    connection = await asyncpg.connect(server, timeout=10)
    try:
        for attempt in range(20):
            try:
                await connection.execute(_MAKE_ROLES)
                break
            except (asyncpg.InternalServerError, asyncpg.SerializationError, asyncpg.UniqueViolationError):
                # "tuple concurrently updated": another service makes the same roles in this moment.
                if attempt == 19:
                    raise
                await asyncio.sleep(0.1)
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", url.database):
            try:
                await connection.execute(f"CREATE DATABASE \"{url.database}\" TEMPLATE template0 ENCODING 'UTF8'")
            except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                return  # made by another start in the same moment
    finally:
        await connection.close()


def _upgrade(connection: Connection, scripts: Path, metadata: MetaData) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    command.upgrade(config, "head")


def run() -> None:
    """Called by each `env.py`: run the scripts on the connection that `migrate` opened, in its one transaction."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes["metadata"],
        transactional_ddl=True,
        compare_type=True,
    )
    context.run_migrations()
