"""Frozen dataclasses as plain documents and back, driven by their field types alone.

Written: what differs from the default (a new fact then leaves the hashes of older decisions as they were). Read: keys
that are not fields, values of another type and missing fields are refused, so that a slip never becomes a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from services.outreach.domain.gate.calendar import Calendar

Kind = Any
"""A dataclass. (The type checker has no word for that which it would also take for a key of a cache.)"""
Writer = Callable[[Any], str]
Reader = Callable[[Any], Any]
T = TypeVar("T")


class OutOfForm(ValueError):
    """A document does not have the form of what is read from it."""


def to_json(value: Any) -> str:
    """The RFC 8785 text of every field that differs from its default."""
    kind: Kind = type(value)
    get, writers = _plan(kind)
    parts = [
        name + write(entry)
        for entry, (name, initial, write) in zip(get(value), writers, strict=True)
        if entry is not initial and entry != initial
    ]
    return "{" + ",".join(parts) + "}"


def from_document(kind: type[T], document: Mapping[str, Any], **given: Any) -> T:
    """Read a dataclass; raises OutOfForm with the name of what is wrong. `given`: fields that were read already."""
    of: Kind = kind
    readers = _readers(of)
    try:
        return kind(**{name: readers[name](value) for name, value in document.items()}, **given)
    except OutOfForm:
        raise
    except Exception:
        return _read_slowly(kind, document, **given)


def _read_slowly(kind: type[T], document: Mapping[str, Any], **given: Any) -> T:
    """Something is wrong: read again field by field, to tell what it is."""
    if not isinstance(document, Mapping):
        raise OutOfForm(f"{kind.__name__} is a mapping")
    of: Kind = kind
    readers = _readers(of)
    if unknown := set(document) - set(readers):
        raise OutOfForm(f"{kind.__name__} does not know {sorted(unknown)}")
    if missing := required(of) - set(document) - set(given):
        raise OutOfForm(f"{kind.__name__} does not say {sorted(missing)}")
    return kind(**{name: _read(kind, name, readers[name], value) for name, value in document.items()}, **given)


@cache
def required(kind: Kind) -> frozenset[str]:
    """The fields that have no default."""
    return frozenset(
        field.name
        for field in fields(kind)
        if field.init and field.default is MISSING and field.default_factory is MISSING
    )


def _read(kind: Kind, name: str, reader: Reader, value: Any) -> Any:
    try:
        return reader(value)
    except OutOfForm:
        raise
    except (TypeError, ValueError, KeyError) as error:
        raise OutOfForm(f"{kind.__name__}.{name}: {error}") from error


@cache
def _plan(kind: Kind) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any, Writer], ...]]:
    """What gets all fields at once, in the order of their names, and for each its key, default and writer."""
    hints = get_type_hints(kind)
    known = sorted((f for f in fields(kind) if f.metadata.get("is_written", True)), key=lambda field: field.name)
    getter = attrgetter(*(field.name for field in known))
    get = getter if len(known) > 1 else lambda value: (getter(value),)
    return get, tuple((f'"{field.name}":', _initial(field), _writer(hints[field.name])) for field in known)


def _initial(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _readers(kind: Kind) -> dict[str, Reader]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind) if field.init}


def _writer(hint: Any) -> Writer:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = (_writer(entry) for entry in arguments if entry is not NoneType)
        return lambda value: "null" if value is None else inner(value)
    if origin is tuple:
        entry = _writer(arguments[0])
        return lambda value: "[" + ",".join([entry(item) for item in value]) + "]"
    if origin is frozenset:
        entry = _writer(arguments[0])
        return lambda value: "[" + ",".join([entry(item) for item in sorted(value)]) + "]"
    if hint in (date, datetime, time):
        return lambda value: f'"{value.isoformat()}"'
    if hint is Calendar:
        return _calendar
    return to_json if is_dataclass(hint) else _SCALARS[hint]


@lru_cache(maxsize=1_024)
def _calendar(calendar: Calendar) -> str:
    """A place's calendar of one day is the same for all its cases."""
    return to_json(calendar)


_SCALARS: dict[type, Writer] = {
    str: encode_basestring,
    int: str,
    bool: lambda value: "true" if value else "false",
}


def _reader(hint: Any) -> Reader:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = (_reader(entry) for entry in arguments if entry is not NoneType)
        return lambda value: None if value is None else inner(value)
    if origin in (tuple, frozenset):
        entry = _reader(arguments[0])
        return lambda value: origin(entry(item) for item in _list(value))
    if origin is dict:
        inner = _reader(arguments[1])
        return lambda value: {str(key): inner(item) for key, item in value.items()}
    if origin is Literal:
        return lambda value: _one_of(value, arguments)
    if hint in (date, datetime, time):
        return lambda value: _moment(hint, value)
    if is_dataclass(hint):
        kind: Kind = hint
        return lambda value: from_document(kind, value)
    return lambda value: _exactly(hint, value)


def _list(value: Any) -> Any:
    if not isinstance(value, list | tuple | set | frozenset):
        raise OutOfForm(f"{value!r} is no list")
    return value


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise OutOfForm(f"{value!r} is none of {list(allowed)}")
    return value


def _moment(kind: type[date] | type[time], value: Any) -> Any:
    return value if type(value) is kind else kind.fromisoformat(value)


def _exactly(kind: type, value: Any) -> Any:
    # bool is an int in Python: `true` where a count is meant is a slip.
    if type(value) is not kind:
        raise OutOfForm(f"{value!r} is no {kind.__name__}")
    return value
