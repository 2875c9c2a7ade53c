"""Statements for many rows at once: COPY in, upsert and update from arrays, all inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.dialects.postgresql import insert

from shared.db.transaction import Transaction

STATEMENT_ROWS_MAX = 1_000
"""Rows in one INSERT: bounded by PostgreSQL's 32,767 parameters for tables of up to 32 columns."""


async def copy_rows(
    transaction: Transaction, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY tuples into a table: the fastest way in, without ON CONFLICT. JSON columns take text."""
    driver = await transaction.driver()
    await driver.copy_records_to_table(table.name, columns=list(columns), records=rows)


async def insert_rows(transaction: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT dictionaries with the same keys; a conflict is an error."""
    if rows:
        await transaction.connection.execute(table.insert(), list(rows))


async def upsert_rows(
    transaction: Transaction,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    update_columns: Sequence[str] = (),
) -> None:
    """INSERT, or UPDATE `update_columns` where the key is there already (nothing to update: leave the old row).

    Rows are sorted by key, so that two transactions lock in the same order, and must not repeat a key.
    """
    ordered = sorted(rows, key=lambda row: tuple(str(row[name]) for name in key))
    for start in range(0, len(ordered), STATEMENT_ROWS_MAX):
        statement = insert(table).values([dict(row) for row in ordered[start : start + STATEMENT_ROWS_MAX]])
        if update_columns:
            changed = {name: statement.excluded[name] for name in update_columns}
            statement = statement.on_conflict_do_update(index_elements=list(key), set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(key))
        await transaction.connection.execute(statement)


async def update_rows(
    transaction: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """UPDATE one row per dictionary, found by its key columns; every dictionary has the same keys."""
    if not rows:
        return
    columns = [name for name in rows[0] if name not in key]
    statement = (
        update(table)
        .where(*(table.c[name] == bindparam(f"key_{name}") for name in key))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
    ordered = sorted(rows, key=lambda row: tuple(str(row[name]) for name in key))
    parameters = [{**{f"key_{n}": row[n] for n in key}, **{f"new_{n}": row[n] for n in columns}} for row in ordered]
    await transaction.connection.execute(statement, parameters)
