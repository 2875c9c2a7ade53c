"""Generated files as a mapping from path to text, and how they are written and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "docs" / "generated"
RELEASED = ROOT / "docs" / "contracts" / "released"

Files = Mapping[str, str]
"""Path below docs/generated/ -> text."""


def as_json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def differences(files: Files, folder: Path = GENERATED) -> list[str]:
    """What is missing, stale or left over, one line each."""
    present = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} if folder.is_dir() else set()
    stale = [p for p in sorted(present & set(files)) if (folder / p).read_text(encoding="utf-8") != files[p]]
    return [
        *(f"missing: {p}" for p in sorted(set(files) - present)),
        *(f"stale: {p}" for p in stale),
        *(f"left over: {p}" for p in sorted(present - set(files))),
    ]


def write(files: Files, folder: Path = GENERATED) -> None:
    """Make the folder hold exactly these files."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for left_over in [p for p in folder.rglob("*") if p.is_file() and str(p.relative_to(folder)) not in files]:
        left_over.unlink()
