"""What may not be done at all, whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from services.outreach.domain.gate.rules.fact_path import check_path, fact
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred(Rule):
    """Not where everything that is said here is so; what is left empty is not looked at.

    `places`: the contact point is bound to one of these. `facts`: these are all true; one that is not known denies as
    missing, or is taken for untrue where `if_unknown` is `silent`. `unless_known`: any of these being on file makes the
    rule silent.
    """

    places: frozenset[str] = frozenset()
    facts: tuple[str, ...]
    unless_known: tuple[str, ...] = ()
    if_unknown: Literal["deny", "silent"] = "deny"

    def __post_init__(self) -> None:
        for path in self.facts + self.unless_known:
            check_path(path)

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        if self.places and (point is None or point.place not in self.places):
            return None
        if any(fact(view, path) is not None for path in self.unless_known):
            return None
        values = [(path, fact(view, path)) for path in self.facts]
        if any(value is False for _, value in values):
            return None
        unknown = [path.rpartition(".")[2] for path, value in values if value is None]
        if unknown:
            return None if self.if_unknown == "silent" else Fired(None, unknown[0])
        return Fired(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredPoint(Barred):
    """The same where the contact point is what bars: another one may be open."""

    is_about_contact_point: ClassVar[bool] = True
