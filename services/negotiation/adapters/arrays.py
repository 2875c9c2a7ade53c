"""INSERT and UPDATE of many rows in one statement, from one array per column.

Not COPY: PostgreSQL refuses COPY FROM into a table with row-level security. Not executemany: one round trip and one
plan for the whole batch is several times faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[Any]  # subscriptable for the type checker alone
Row = tuple[Any, ...]

ROWS_MAX = 20_000
"""Rows in one statement; more are sent in several."""


async def insert_rows(
    driver: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row], *, on_conflict: str = ""
) -> None:
    """Rows in the order of `columns`; JSON columns take text. `on_conflict` is an ON CONFLICT clause."""
    statement = _insert(table, tuple(columns), on_conflict)
    for start in range(0, len(rows), ROWS_MAX):
        await driver.execute(statement, *_transpose(rows[start : start + ROWS_MAX]))


async def update_rows(
    driver: Connection, table: Table, key: Sequence[str], columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Set `columns` of the rows found by `key`; each row has the key first, then the columns."""
    statement = _update(table, tuple(key), tuple(columns))
    for start in range(0, len(rows), ROWS_MAX):
        await driver.execute(statement, *_transpose(rows[start : start + ROWS_MAX]))


def _transpose(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


@lru_cache(maxsize=100)
def _insert(table: Table, columns: tuple[str, ...], on_conflict: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f"INSERT INTO {table.name} ({names}) SELECT {_casts(table, columns)} FROM {_arrays(table, columns)}"  # noqa: S608 - names come from our own tables
    return f"{statement} {on_conflict}"


@lru_cache(maxsize=100)
def _update(table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = {_cast(table, name)}' for name in columns)
    found = " AND ".join(f't."{name}" = n."{name}"' for name in key)
    return f"UPDATE {table.name} t SET {changes} FROM {_arrays(table, (*key, *columns))} WHERE {found}"  # noqa: S608 - names come from our own tables


def _arrays(table: Table, columns: tuple[str, ...]) -> str:
    places = ", ".join(f"${i}::{_array_type(table, name)}[]" for i, name in enumerate(columns, start=1))
    names = ", ".join(f'"{name}"' for name in columns)
    return f"unnest({places}) AS n ({names})"


def _casts(table: Table, columns: tuple[str, ...]) -> str:
    return ", ".join(_cast(table, name) for name in columns)


def _cast(table: Table, name: str) -> str:
    return f'n."{name}"::json' if _type(table, name) == "json" else f'n."{name}"'


def _array_type(table: Table, name: str) -> str:
    return "text" if _type(table, name) == "json" else _type(table, name)


def _type(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=postgresql.dialect())).lower()  # type: ignore[no-untyped-call]  # untyped upstream
