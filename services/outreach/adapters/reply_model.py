"""Reads the reader's weights from their file. Raises at the start for a file that is out of form."""

from __future__ import annotations

import base64
import json
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from services.outreach.domain.replies.meaning import INTENTS
from services.outreach.domain.replies.model import ReplyModel

FILE = Path(__file__).parent / "models" / "replies.json"
FORM = 2
"""1 counted characters alone."""


@cache
def load_model() -> ReplyModel:
    """Once a process: a new version comes with a new start."""
    return parse_model(FILE.read_text("utf-8"))


def parse_model(text: str) -> ReplyModel:
    document: dict[str, Any] = json.loads(text)
    if document["form"] != FORM or tuple(document["intents"]) != INTENTS:
        raise ValueError("the model of replies has another form, or tells other intents apart")
    buckets = int(document["buckets"])
    idf = _numbers(document["idf"]["uint16"], "H", document["idf"]["scale"])
    weights = tuple(_numbers(row["int8"], "b", row["scale"]) for row in document["weights"])
    if len(weights) != len(INTENTS) or any(len(row) != buckets for row in (idf, *weights)):
        raise ValueError("the model of replies has numbers missing")
    return ReplyModel(
        version=document["version"],
        intents=INTENTS,
        idf=idf,
        weights=weights,
        intercepts=tuple(document["intercepts"]),
        temperature=float(document["temperature"]),
        threshold=float(document["threshold"]),
    )


def _numbers(packed: str, kind: str, scale: float) -> Sequence[float]:
    steps = array(kind)
    steps.frombytes(base64.b64decode(packed))
    if sys.byteorder == "big":
        steps.byteswap()
    return tuple(step * scale for step in steps)
