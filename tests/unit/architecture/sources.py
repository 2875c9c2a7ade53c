"""The Python files of the repository, parsed once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
SERVICES = ("intake", "assessment", "outreach", "negotiation", "reporting")


@dataclass(frozen=True)
class Source:
    """One module: where it is and what it says."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)


@lru_cache(maxsize=2_000)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def sources(*folders: str) -> list[Source]:
    """The modules below these folders of the repository, in one order."""
    return [
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    ]
