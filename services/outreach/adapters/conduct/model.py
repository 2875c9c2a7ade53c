"""Reads the weights of the conduct reader from their file. Raises at the start for a file that is out of form."""

from __future__ import annotations

import base64
import json
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from services.outreach.domain.conduct.checker import CATEGORIES
from services.outreach.domain.conduct.reader import CLEAN, ConductModel
from services.outreach.domain.conduct.scoring import Scorer

FILE = Path(__file__).parents[1] / "models" / "conduct.json"
FORM = 1
CLASSES = (CLEAN, *CATEGORIES)
SCRIPTS = ("en", "zh")


@cache
def load_conduct_model() -> ConductModel:
    """Once a process: a new version comes with a new start."""
    return parse_conduct_model(FILE.read_text("utf-8"))


def parse_conduct_model(text: str) -> ConductModel:
    document: dict[str, Any] = json.loads(text)
    if document["form"] != FORM or tuple(document["classes"]) != CLASSES:
        raise ValueError("the model of conduct has another form, or tells other classes apart")
    buckets = int(document["buckets"])
    idf = _unpacked(document["idf"]["uint16"], "H", document["idf"]["scale"])
    weights = tuple(_unpacked(row["int8"], "b", row["scale"]) for row in document["weights"])
    if len(weights) != len(CLASSES) or any(len(row) != buckets for row in (idf, *weights)):
        raise ValueError("the model of conduct has numbers missing")
    floors = [{script: float(document[name][script]) for script in SCRIPTS} for name in ("review", "block")]
    return ConductModel(document["version"], Scorer(CLASSES, idf, weights, tuple(document["intercepts"])), *floors)


def _unpacked(packed: str, kind: str, scale: float) -> Sequence[float]:
    steps = array(kind)
    steps.frombytes(base64.b64decode(packed))
    if sys.byteorder == "big":
        steps.byteswap()
    return tuple(step * scale for step in steps)
