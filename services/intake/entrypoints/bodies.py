"""Bodies to records: JSON, NDJSON or CSV, one record at a time, so that a bad one never stops the others.

Whole-body faults are problems (`RequestValidationError`, `Refusal`); a fault of one record is a reason of that record,
with its line number. Values never appear in reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from services.intake.domain.refusals import TooManyRecords
from services.intake.entrypoints.csv_records import csv_records
from services.intake.entrypoints.schemas import RECORDS_MAX
from shared.kernel.refusal import Reason
from shared.service.problems import validation_reasons

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
RECORD_BYTES_MAX = 1_000_000

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record still as JSON text; `line` is where it begins. `fault`: why there is no text."""

    number: int
    line: int | None
    text: bytes
    fault: Reason | None = None


def parse_body(model: type[M], body: bytes) -> M:
    """A body that is one object. Raises a 400 for what is no JSON and a 422 with every reason otherwise."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False, include_url=False)) from None


def raw_records(body: bytes, content_type: str, *, plural: str) -> Iterator[RawRecord]:
    """The records of a body by its content type; `plural` is the member of a JSON object that lists many."""
    if content_type == NDJSON:
        return _bounded(_lines(body))
    if content_type == CSV:
        return _bounded(RawRecord(i, r.line, r.text, r.fault) for i, r in enumerate(csv_records(body), 1))
    if content_type == JSON:
        return _bounded(_members(_object(body), plural))
    raise HTTPException(415)


def read_record(model: type[M], raw: RawRecord) -> M | tuple[Reason, ...]:
    """The record, or every reason why it is none."""
    if raw.fault is not None:
        return (raw.fault,)
    try:
        return model.model_validate_json(raw.text)
    except ValidationError as error:
        return tuple(validation_reasons(error.errors(include_input=False, include_url=False)))


def member_of(raw: RawRecord, name: str) -> str | None:
    """One text member of a record that could not be read, so that its sender can tell which one it was."""
    try:
        found = orjson.loads(raw.text)
    except orjson.JSONDecodeError:
        return None
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) and len(value) <= 128 else None


def _bounded(records: Iterator[RawRecord]) -> Iterator[RawRecord]:
    """All of a body's records, or a refusal before the first: never a part of them."""
    found: list[RawRecord] = []
    for record in records:
        if len(found) == RECORDS_MAX:
            raise TooManyRecords(RECORDS_MAX)
        found.append(record)
    if not found:
        raise _malformed("the body holds no record")
    return iter(found)


def _lines(body: bytes) -> Iterator[RawRecord]:
    number = 0
    for line, text in enumerate(body.split(b"\n"), 1):
        if text.strip():
            number += 1
            is_long = len(text) > RECORD_BYTES_MAX
            fault = Reason("record_too_large", "", f"at most {RECORD_BYTES_MAX} bytes") if is_long else None
            yield RawRecord(number, line, text, fault)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _malformed("the body is not JSON") from None
    if not isinstance(found, dict):
        error = {"type": "dict_type", "loc": ("body",), "msg": "the body is an object"}
        raise RequestValidationError([error])
    return found


def _members(found: dict[str, Any], plural: str) -> Iterator[RawRecord]:
    if plural not in found:
        yield RawRecord(1, None, orjson.dumps(found))
        return
    errors = [
        {"type": "extra_forbidden", "loc": ("body", name), "msg": "unknown field"} for name in found if name != plural
    ]
    if not isinstance(found[plural], list):
        errors.append({"type": "list_type", "loc": ("body", plural), "msg": "a list of records"})
    if errors:
        raise RequestValidationError(errors)
    for number, record in enumerate(found[plural], 1):
        yield RawRecord(number, None, orjson.dumps(record))


def _malformed(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": message}])
