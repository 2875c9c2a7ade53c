"""Many rows in one statement, column by column: INSERT or UPDATE from arrays.

COPY would be faster still, but PostgreSQL refuses it on tables under row-level security
(https://www.postgresql.org/docs/current/sql-copy.html), and that wall is worth more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from shared.db.transaction import Transaction

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped upstream


async def insert_columns(transaction: Transaction, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """INSERT; a conflict is an error. Every column has the same length; JSON columns take text."""
    driver = await transaction.driver()
    await driver.execute(_insert(table.name, tuple(columns), _types(table, tuple(columns))), *columns.values())


async def insert_new(transaction: Transaction, table: Table, columns: Mapping[str, Sequence[Any]], *, key: str) -> int:
    """INSERT what does not conflict with any unique constraint; answers with the number of rows that went in.

    Rows go in in the order of `key`, so that two requests with the same rows wait for each other and do not deadlock.
    """
    driver = await transaction.driver()
    names = tuple(columns)
    statement = f"{_insert(table.name, names, _types(table, names))} ORDER BY {key} ON CONFLICT DO NOTHING"
    status = await driver.execute(statement, *columns.values())
    return int(status.rpartition(" ")[2])


async def update_columns(
    transaction: Transaction, table: Table, columns: Mapping[str, Sequence[Any]], *, key: str
) -> None:
    """UPDATE one row per entry, found by its key column."""
    driver = await transaction.driver()
    names = tuple(columns)
    await driver.execute(_update(table.name, names, _types(table, names), key), *columns.values())


def _types(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_type(table, name) for name in names)


@cache
def _type(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_DIALECT))


@cache
def _insert(table: str, names: tuple[str, ...], types: tuple[str, ...]) -> str:
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {_cast(names, types)} "  # noqa: S608 - our own names
        f"FROM {_arrays(names, types)}"
    )


@cache
def _update(table: str, names: tuple[str, ...], types: tuple[str, ...], key: str) -> str:
    casts = dict(zip(names, _cast(names, types, prefix="given.").split(", "), strict=True))
    changes = ", ".join(f"{name} = {casts[name]}" for name in names if name != key)
    return (
        f"UPDATE {table} SET {changes} FROM {_arrays(names, types)} "  # noqa: S608 - our own names
        f"WHERE {table}.{key} = given.{key}"
    )


def _cast(names: tuple[str, ...], types: tuple[str, ...], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{n}::json" if t == "JSON" else f"{prefix}{n}" for n, t in zip(names, types, strict=True))


def _arrays(names: tuple[str, ...], types: tuple[str, ...]) -> str:
    places = ", ".join(f"${i}::{'TEXT' if t == 'JSON' else t}[]" for i, t in enumerate(types, 1))
    return f"unnest({places}) AS given ({', '.join(names)})"
