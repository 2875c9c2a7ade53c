"""How many plans a case may have: a third plan that cannot be kept helps nobody, so a person looks first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.negotiation.domain.calendar import add_months


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """Plans of one case in all, and in any twelve months; the first plan counts too."""

    per_case: int = 3
    per_year: int = 2


def limit_reached(agreed_on: Iterable[date], today: date, limits: PlanLimits) -> Literal["per_case", "per_year"] | None:
    """Which limit a further plan would be above, given the days on which plans were agreed."""
    days = list(agreed_on)
    if len(days) >= limits.per_case:
        return "per_case"
    year_ago = add_months(today, -12)
    return "per_year" if sum(day > year_ago for day in days) >= limits.per_year else None
