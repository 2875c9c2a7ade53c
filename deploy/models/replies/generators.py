"""Generators of invented sentences: templates with slots (`templates.json`), filled by a seeded throw."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

TRIES_MAX = 2_000
_FILE: dict[str, Any] = json.loads((Path(__file__).parent / "templates.json").read_text("utf-8"))


def generate(throw: Random, language: str, intent: str, wanted: int) -> list[str]:
    """Up to so many different sentences."""
    slots, templates = _FILE["slots"][language], _FILE["templates"][language][intent]
    found: dict[str, None] = {}
    for _ in range(TRIES_MAX):
        if len(found) >= wanted:
            break
        text = re.sub(r"\{(\w+)\}", lambda slot: str(throw.choice(slots[slot[1]])), throw.choice(templates))
        found[text] = None
    return list(found)
