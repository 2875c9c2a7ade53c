"""Versions of templates in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import RowMapping, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.outreach.adapters.content_tables import template_versions
from services.outreach.domain.templates.version import TemplateVersion, Text
from shared.db.transaction import Transaction

_ROWS = template_versions.c
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('outreach.template'), hashtext(:code))")


class TemplateRepository:
    """`Work.templates`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, version: TemplateVersion) -> bool:
        values = {
            "code": version.code,
            "version": version.version,
            "channel": version.channel,
            "purpose": version.purpose,
            "audience": version.audience,
            "texts": orjson.dumps(
                {name: {"subject": entry.subject, "body": entry.body} for name, entry in version.texts.items()},
                option=orjson.OPT_SORT_KEYS,
            ).decode(),
            "content_hash": version.content_hash,
            "made_by": version.made_by,
            "made_at": version.made_at,
            **_changing(version),
        }
        statement = insert(template_versions).values(values).on_conflict_do_nothing().returning(_ROWS.version)
        return (await self._transaction.connection.execute(statement)).first() is not None

    async def get(self, code: str, version: int, *, lock: bool = False) -> TemplateVersion | None:
        statement = select(template_versions).where(_ROWS.code == code, _ROWS.version == version)
        if lock:
            statement = statement.with_for_update()
        row = (await self._transaction.connection.execute(statement)).mappings().first()
        return None if row is None else _version(row)

    async def newest(self, code: str) -> int:
        await self._transaction.connection.execute(_LOCK, {"code": code})
        statement = select(func.coalesce(func.max(_ROWS.version), 0)).where(_ROWS.code == code)
        found: int = (await self._transaction.connection.execute(statement)).scalar_one()
        return found

    async def find(
        self, *, state: str | None, channel: str | None, code: str | None, limit: int
    ) -> list[TemplateVersion]:
        statement = select(template_versions).order_by(_ROWS.code, _ROWS.version.desc()).limit(limit)
        for column, wanted in ((_ROWS.state, state), (_ROWS.channel, channel), (_ROWS.code, code)):
            if wanted is not None:
                statement = statement.where(column == wanted)
        rows = (await self._transaction.connection.execute(statement)).mappings()
        return [_version(row) for row in rows]

    async def save(self, version: TemplateVersion) -> None:
        statement = (
            update(template_versions)
            .where(_ROWS.code == version.code, _ROWS.version == version.version)
            .values(_changing(version))
        )
        await self._transaction.connection.execute(statement)

    async def mark(self) -> tuple[int, datetime | None]:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(
            "SELECT count(*) FILTER (WHERE state = 'approved') AS approved, "
            "greatest(max(checked_at), max(retired_at)) AS changed_at FROM template_versions"
        )
        assert row is not None, "an aggregate has one row"
        return row["approved"], row["changed_at"]


def _changing(version: TemplateVersion) -> dict[str, object]:
    return {
        "state": version.state,
        "checked_by": version.checked_by,
        "checked_at": version.checked_at,
        "retired_by": version.retired_by,
        "retired_at": version.retired_at,
    }


def _version(row: RowMapping) -> TemplateVersion:
    return TemplateVersion(
        code=row["code"],
        version=row["version"],
        channel=row["channel"],
        purpose=row["purpose"],
        audience=row["audience"],
        texts={name: Text(entry["subject"], entry["body"]) for name, entry in orjson.loads(row["texts"]).items()},
        made_by=row["made_by"],
        made_at=row["made_at"],
        state=row["state"],
        checked_by=row["checked_by"],
        checked_at=row["checked_at"],
        retired_by=row["retired_by"],
        retired_at=row["retired_at"],
    )
