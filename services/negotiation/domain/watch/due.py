"""A plan whose watched instalment is due: no more of it than says whether it is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.negotiation.domain.plan import InstalmentStanding, first_missed
from services.negotiation.domain.terms import Instalment


@dataclass(frozen=True, slots=True)
class DuePlan:
    """`instalments` are the first ones up to the due one, `received` the days and amounts that count towards the plan.

    `defaults` counts the plans of the case that broke before; `is_running`: it is the case's plan, and active.
    """

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    currency: str
    zones: tuple[str, ...]
    defaults: int
    is_running: bool
    grace_days: int
    instalments: tuple[Instalment, ...]
    received: tuple[tuple[date, int], ...] = ()

    def missed(self, now: datetime) -> InstalmentStanding | None:
        """The instalment that breaks the plan. None says nothing about those that are not here."""
        return first_missed(self.instalments, self.grace_days, self.received, now=now, zones=self.zones)
