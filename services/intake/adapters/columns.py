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


async def insert_columns(
    transaction: Transaction, table: Table, columns: Mapping[str, Sequence[Any]], *, same: Mapping[str, Any]
) -> None:
    """INSERT; a conflict is an error. Columns are of one length; `same`: one value for all rows; JSON comes as text."""
    driver = await transaction.driver()
    statement = _insert(table, tuple(columns), tuple(same))
    await driver.execute(statement, *columns.values(), *same.values())


async def insert_new(
    transaction: Transaction, table: Table, columns: Mapping[str, Sequence[Any]], *, same: Mapping[str, Any], key: str
) -> int:
    """INSERT what does not conflict with any unique constraint; answers with the number of rows that went in.

    Rows go in in the order of `key`, so that two requests with the same rows wait for each other and do not deadlock.
    """
    driver = await transaction.driver()
    statement = f"{_insert(table, tuple(columns), tuple(same))} ORDER BY given.{key} ON CONFLICT DO NOTHING"
    status = await driver.execute(statement, *columns.values(), *same.values())
    return int(status.rpartition(" ")[2])


async def update_columns(
    transaction: Transaction, table: Table, columns: Mapping[str, Sequence[Any]], *, key: str
) -> None:
    """UPDATE one row per entry, found by its key column."""
    driver = await transaction.driver()
    await driver.execute(_update(table, tuple(columns), key), *columns.values())


@cache
def _insert(table: Table, names: tuple[str, ...], same: tuple[str, ...]) -> str:
    fixed = [f"${n}::{_type(table, name)}" for n, name in enumerate(same, len(names) + 1)]
    values = ", ".join([_given(table, name) for name in names] + fixed)
    into = ", ".join(names + same)
    return f"INSERT INTO {table.name} ({into}) SELECT {values} FROM {_arrays(table, names)}"  # noqa: S608 - our names


@cache
def _update(table: Table, names: tuple[str, ...], key: str) -> str:
    changes = ", ".join(f"{name} = {_given(table, name)}" for name in names if name != key)
    found = f"{table.name}.{key} = given.{key}"
    return f"UPDATE {table.name} SET {changes} FROM {_arrays(table, names)} WHERE {found}"  # noqa: S608 - our names


def _type(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_DIALECT))


def _given(table: Table, name: str) -> str:
    """The driver takes JSON as text only where the parameter is text."""
    return f"given.{name}::json" if _type(table, name) == "JSON" else f"given.{name}"


def _arrays(table: Table, names: tuple[str, ...]) -> str:
    types = [_type(table, name).replace("JSON", "TEXT") for name in names]
    places = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(types, 1))
    return f"unnest({places}) AS given ({', '.join(names)})"
