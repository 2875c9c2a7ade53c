"""Events that somebody received at the time: what they tell of the chain must be in the export, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

ANCHORS_MAX = 5_000_000
"""Events of one file; they are kept in memory by every process."""

Anchor = tuple[int, str]
"""Position and `chain_hash`."""


class NoAnchors(Exception):
    """The file holds no events, or too many."""


@dataclass(slots=True)
class Anchors:
    """Decision -> its place, as it was told. `told_at` only where the event says when."""

    places: dict[str, Anchor] = field(default_factory=dict)
    told_at: dict[str, datetime] = field(default_factory=dict)

    def check(self, decision_id: str, position: int, chain_hash: str) -> list[str]:
        anchor = self.places.get(decision_id)
        if anchor is None or anchor == (position, chain_hash):
            return []
        return [f"anchor: an event told position {anchor[0]} and chain_hash {anchor[1]}"]

    def due_by(self, exported_at: datetime) -> Iterator[str]:
        """Decisions that an export of that moment must have."""
        return (name for name in self.places if (at := self.told_at.get(name)) is None or at <= exported_at)


def read_anchors(path: Path | None) -> Anchors:
    """JSON lines: bodies of `contact.attempted` and `contact.denied`, or whole lines of a journal with a `body`."""
    anchors = Anchors()
    if path is None:
        return anchors
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if number > ANCHORS_MAX:
                raise NoAnchors(f"{path} has more than {ANCHORS_MAX} events")
            try:
                _take(anchors, orjson.loads(line))
            except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError) as error:
                raise NoAnchors(f"{path}: line {number} is no event: {type(error).__name__}") from error
    if not anchors.places:
        raise NoAnchors(f"{path}: no event in it tells of a chain")
    return anchors


def _take(anchors: Anchors, event: dict[str, Any]) -> None:
    body = event.get("body", event)
    if body.get("decision_id") is None or body.get("chain_hash") is None:
        return
    anchors.places[body["decision_id"]] = int(body["chain_position"]), str(body["chain_hash"])
    told_at = body.get("denied_at") or body.get("attempted_at")
    if told_at is not None:
        anchors.told_at[body["decision_id"]] = datetime.fromisoformat(told_at)
