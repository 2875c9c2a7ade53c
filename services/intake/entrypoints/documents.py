"""Request bodies in the API's own description: they are read raw, so the framework cannot describe them by itself."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from services.intake.entrypoints.answers import ProblemBody


def described(*content: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """`openapi_extra` for a route that reads its body itself: its content types with their schemas."""
    return {"requestBody": {"required": True, "content": {media: {"schema": schema} for media, schema in content}}}


def answered(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """`responses` for a route that writes its answer itself, and the problem that every refusal is."""
    return {
        200: {"model": model},
        "4XX": {"description": "A problem (RFC 9457), with every reason in `errors`", "model": ProblemBody},
    }


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema in one piece, so that it can stand anywhere in the document."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    inlined: dict[str, Any] = _inline(schema, definitions)
    return inlined


def one_or_many(model: type[BaseModel], plural: str) -> dict[str, Any]:
    """One object, or an object with a list of them."""
    one = schema_of(model)
    many = {"type": "object", "required": [plural], "properties": {plural: {"type": "array", "items": one}}}
    return {"oneOf": [one, many]}


def _inline(value: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_inline(member, definitions) for member in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str):
        rest = {name: member for name, member in value.items() if name != "$ref"}
        return _inline({**definitions[reference.rpartition("/")[2]], **rest}, definitions)
    return {name: _inline(member, definitions) for name, member in value.items()}
