"""Facts that a pack names in words: `is_time_barred`, `point.is_employer_provided`, `request.discloses_debt`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from services.outreach.domain.gate.facts import Facts, PointFacts, Request
from services.outreach.domain.gate.rules.rule import View

_KNOWN = {
    owner: frozenset(field.name for field in fields(kind))
    for owner, kind in (("", Facts), ("point", PointFacts), ("request", Request))
}


def check_path(path: str) -> None:
    """Raises ValueError where there is no such fact: a slip in a pack must not become a rule that never speaks."""
    owner, _, name = path.rpartition(".")
    if name not in _KNOWN.get(owner, ()):
        raise ValueError(f"there is no such fact: {path}")


def fact(view: View, path: str) -> Any:
    """The value of a fact; None where it is not known, or where there is no contact point to know it of."""
    owner, _, name = path.rpartition(".")
    if owner == "request":
        return getattr(view.request, name)
    if owner == "point":
        return None if view.facts.point is None else getattr(view.facts.point, name)
    return getattr(view.facts, name)
