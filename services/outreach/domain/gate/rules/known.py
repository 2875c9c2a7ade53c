"""Facts without which a place's rules cannot be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.facts import Facts
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Rule):
    """Only where these facts are known (`region` where states differ)."""

    facts: tuple[str, ...]

    def __post_init__(self) -> None:
        if unknown := set(self.facts) - set(Facts.__dataclass_fields__):
            raise ValueError(f"there are no such facts: {sorted(unknown)}")

    def check(self, view: View, at: datetime) -> Fired | None:
        for name in self.facts:
            if getattr(view.facts, name) is None:
                return Fired(None, name)
        return None
