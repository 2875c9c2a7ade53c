"""CSV to records: flat columns, dots for nesting (`borrower.name`, `contact_points.0.kind`), as the format documents.

An empty cell is a field left out. Columns decide their own type, so that a number in a text column stays text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError

from shared.kernel.refusal import Reason

COLUMNS_MAX = 5_000
CELL_CHARACTERS_MAX = 64 * 1024
DEPTH_MAX = 3

_NUMBER_COLUMN = re.compile(r"(^|[._])(minor_units|basis_points|term_months|days_past_due|years|two_years)$")
_FLAG_COLUMN = re.compile(r"(^|\.)(is_\w+|may_be_used|homeowner)$")
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class CsvRecord:
    line: int
    text: bytes
    fault: Reason | None = None


def csv_records(body: bytes) -> Iterator[CsvRecord]:
    """The rows below the header as JSON texts. Raises a problem for what is no CSV with a usable header."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _malformed("the body is not UTF-8") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(rows)
    line = rows.line_num
    while True:
        first = line + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            line = rows.line_num
            yield CsvRecord(first, b"null", Reason("csv_invalid", "", "the row is not CSV"))
            continue
        line = rows.line_num
        if any(cell.strip() for cell in row):
            yield _record(first, header, row)


def _header(rows: Iterator[list[str]]) -> list[list[str]]:
    try:
        names = [name.strip() for name in next(rows, [])]
    except csv.Error:
        raise _malformed("the header is not CSV") from None
    if not names or len(names) > COLUMNS_MAX or len(set(names)) != len(names):
        raise _malformed("the header names each column once")
    paths = [name.split(".") for name in names]
    if any(len(path) > DEPTH_MAX or not all(path) for path in paths):
        raise _malformed("a column is a path of names with dots between")
    return paths


def _record(line: int, header: list[list[str]], row: list[str]) -> CsvRecord:
    if len(row) != len(header):
        return CsvRecord(line, b"null", Reason("csv_columns_differ", "", "not as many cells as columns"))
    if any(len(cell) > CELL_CHARACTERS_MAX for cell in row):
        return CsvRecord(line, b"null", Reason("csv_cell_too_large", "", f"at most {CELL_CHARACTERS_MAX} characters"))
    record: dict[str, Any] = {"payments": {}}
    for path, cell in zip(header, row, strict=True):
        if cell.strip():
            fault = _put(record, path, cell.strip())
            if fault is not None:
                return CsvRecord(line, b"null", fault)
    return CsvRecord(line, orjson.dumps(_lists(record)))


def _put(record: dict[str, Any], path: list[str], cell: str) -> Reason | None:
    at = record
    for name in path[:-1]:
        at = at.setdefault(name, {})
        if not isinstance(at, dict):
            return Reason("csv_columns_clash", "/" + "/".join(path), "a column lies below another column's value")
    if isinstance(at.get(path[-1]), dict) and path[-1] != "payments":
        return Reason("csv_columns_clash", "/" + "/".join(path), "a column lies above another column's value")
    at[path[-1]] = _value(".".join(path), cell)
    return None


def _value(column: str, cell: str) -> Any:
    if _NUMBER_COLUMN.search(column) and _INTEGER.fullmatch(cell):
        return int(cell)
    if _FLAG_COLUMN.search(column):
        return _FLAGS.get(cell.lower(), cell)
    return cell


def _lists(value: Any) -> Any:
    """Objects whose members are all numbers become lists, in the order of the numbers; gaps close."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(member) for name, member in value.items()}
    if all(name.isascii() and name.isdigit() and len(name) <= 4 for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def _malformed(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": message}])
