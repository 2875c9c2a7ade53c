"""Reads what templates must say. Data out of form stops the start."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.outreach.domain.templates.requirements import Item, RequiredSet, Requirements

FILE = Path(__file__).parent / "template_requirements.yaml"


@cache
def load_requirements(file: Path = FILE) -> Requirements:
    """Raises ValueError for a set that names an item there is none of, or leaves one out without a reason."""
    document = yaml.safe_load(file.read_text("utf-8"))
    items = {name: _item(name, entry) for name, entry in document["items"].items()}
    sets = tuple(_set(entry, items) for entry in document["sets"])
    return Requirements(
        items=items,
        sets=sets,
        variables={name: frozenset(known) for name, known in document["variables"].items()},
        notices={name: frozenset(known) for name, known in document["notices"].items()},
    )


def _item(name: str, entry: dict[str, Any]) -> Item:
    patterns = {
        language: tuple(re.compile(pattern) for pattern in found)
        for language, found in entry.get("patterns", {}).items()
    }
    if not entry.get("variables") and not patterns:
        raise ValueError(f"item {name} asks for nothing")
    return Item(name, tuple(entry.get("variables", ())), patterns, entry.get("only", {}), entry["because"])


def _set(entry: dict[str, Any], items: dict[str, Item]) -> RequiredSet:
    unknown = (set(entry["items"]) | set(entry.get("elsewhere", {}))) - set(items)
    if unknown:
        raise ValueError(f"items that are not laid down: {', '.join(sorted(unknown))}")
    return RequiredSet(
        audience=entry["audience"],
        channels=frozenset(entry["channels"]),
        purposes=frozenset(entry["purposes"]),
        items=tuple(entry["items"]),
        elsewhere=entry.get("elsewhere", {}),
    )
