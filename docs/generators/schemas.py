"""JSON Schema of each event, as a subscriber in any language can use it."""

from __future__ import annotations

from typing import Any

from shared.events.body import EventBody
from shared.events.codec import dataschema
from shared.events.registry import EVENTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema(body: type[EventBody]) -> dict[str, Any]:
    """The contract of one event: closed, with what is not in the fields beside it as `x-` annotations.

    Fields with an initial value are not required: an event that was announced before the field existed is still one.
    """
    made = without_titles(body.model_json_schema(mode="validation"))
    schema = {
        "$schema": DIALECT,
        "$id": dataschema(body),
        "title": body.event_type,
        "description": made.pop("description", ""),
        "x-producer": body.producer,
        "x-topic": body.event_type,
        "x-key": body.key_field,
        "x-version": body.version,
    }
    definitions = made.pop("$defs", None)
    schema.update(made)
    if definitions:
        schema["$defs"] = definitions
    return schema


def all_schemas() -> dict[str, dict[str, Any]]:
    return {name: event_schema(body) for name, body in EVENTS.items()}


def without_titles(schema: Any) -> Any:
    """pydantic repeats every field's name as its title; that says nothing. A field may be called `title`, though."""
    if isinstance(schema, list):
        return [without_titles(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for name, value in schema.items():
        if name in ("properties", "$defs"):
            kept[name] = {inner: without_titles(entry) for inner, entry in value.items()}
        elif name in ("default", "const", "enum", "examples"):
            kept[name] = value
        elif name != "title":
            kept[name] = without_titles(value)
    return kept
