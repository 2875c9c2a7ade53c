"""Hypothesis strategies for event bodies, made from the contracts themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

import annotated_types
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

INTEGER_MAX = 10**15
LIST_MAX = 4


def bodies(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Valid instances of a contract; every field is drawn within its bounds."""
    fields = {name: _field(field) for name, field in model.model_fields.items()}
    return st.fixed_dictionaries(fields).map(model.model_validate)


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    return _of(field.annotation, field.metadata)


def _of(annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    if hasattr(annotation, "__metadata__"):
        return _of(annotation.__origin__, [*_flat(annotation.__metadata__), *metadata])
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return st.one_of([_of(entry, metadata if entry is not NoneType else []) for entry in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        least, most = int(_bound(metadata, "min_length", 0)), int(_bound(metadata, "max_length", LIST_MAX))
        return st.lists(_of(arguments[0], []), min_size=least, max_size=max(least, min(most, LIST_MAX))).map(tuple)
    return _plain(annotation, metadata)


def _plain(annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    if annotation is str:
        pattern = _bound(metadata, "pattern", None)
        if pattern is not None:
            return st.from_regex(pattern, fullmatch=True)
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=int(_bound(metadata, "max_length", 40)))
    if annotation is int:
        least = _bound(metadata, "ge", _bound(metadata, "gt", -INTEGER_MAX - 1) + 1)
        return st.integers(least, _bound(metadata, "le", INTEGER_MAX))
    if annotation is AwareDatetime:
        return st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
    known: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        UUID: st.uuids(),
        date: st.dates(date(1950, 1, 1), date(2090, 1, 1)),
        NoneType: st.none(),
    }
    if annotation in known:
        return known[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bodies(annotation)
    raise TypeError(f"no strategy for {annotation!r}")


def _flat(metadata: Any) -> list[Any]:
    flat: list[Any] = []
    for entry in metadata:
        flat.extend(entry.metadata if isinstance(entry, FieldInfo) else [entry])
    return flat


def _bound(metadata: list[Any], name: str, fallback: Any) -> Any:
    for entry in metadata:
        if isinstance(entry, annotated_types.GroupedMetadata):
            entry_bounds: list[Any] = list(entry)
        else:
            entry_bounds = [entry]
        for bound in entry_bounds:
            value = getattr(bound, name, None)
            if value is not None:
                return value
    return fallback
