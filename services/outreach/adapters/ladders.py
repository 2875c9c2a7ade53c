"""Reads the ladders of the strategies from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from services.outreach.domain.escalation.records import RUNGS
from services.outreach.domain.ladder import Ladder, Ladders, Step

FILE = Path(__file__).parent / "ladders.yaml"


def load_ladders(file: Path = FILE) -> Ladders:
    """Raises ValueError or TypeError where the file is out of form."""
    document = yaml.safe_load(file.read_text("utf-8"))
    ladders = {name: _read(name, entry) for name, entry in document["ladders"].items()}
    if document["fallback"] not in ladders:
        raise ValueError("the fallback strategy has no ladder")
    return Ladders(ladders, document["fallback"])


def _read(name: str, entry: dict[str, Any]) -> Ladder:
    steps = tuple(_step(step) for step in entry["steps"])
    if not steps or not 0 <= entry["repeat_from"] < len(steps) or entry["rounds_max"] < 1:
        raise ValueError(f"ladder {name!r} is out of form")
    return Ladder(name, steps, entry["repeat_from"], entry["rest_days"], entry["rounds_max"])


def _step(entry: dict[str, Any]) -> Step:
    lists = {key: tuple(entry.get(key, ())) for key in ("channels", "jurisdictions")}
    step = Step(**{**entry, **lists})
    if step.rung not in RUNGS or step.is_remote != bool(step.channels):
        raise ValueError("a step is out of form")
    return step
