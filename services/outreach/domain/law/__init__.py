"""Questions of the law that are not "may this contact leave now": pure answers, a module per family.

A module of this folder that has `QUESTIONS` (name -> function from what is given to what is answered, both plain
documents) is found by itself; its docstring names the sources. The vectors ask by these names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

Question = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@lru_cache(maxsize=1)
def questions() -> dict[str, Question]:
    """Every question of every module; a name that two modules answer is refused."""
    found: dict[str, Question] = {}
    for module in sorted(entry.name for entry in iter_modules(__path__)):
        asked: dict[str, Question] = getattr(import_module(f"{__name__}.{module}"), "QUESTIONS", {})
        if twice := set(asked) & set(found):
            raise ValueError(f"asked of two modules: {sorted(twice)}")
        found |= asked
    return found
