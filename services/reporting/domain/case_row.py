"""A case as reporting knows it: a function of the set of its facts, whatever order they came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.reporting.domain.account import Account, Movement, account_of

CaseStatus = Literal[
    "unplaced", "received", "assessed", "in_contact", "negotiating", "plan_active", "defaulted", "closed", "recalled"
]
PlanStatus = Literal["none", "active", "defaulted", "completed", "withdrawn"]
CASE_STATUSES: tuple[CaseStatus, ...] = (
    "received",
    "assessed",
    "in_contact",
    "negotiating",
    "plan_active",
    "defaulted",
    "closed",
    "recalled",
)


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """What is known of one plan: the latest stamp of each thing that happened to it ("" = not yet heard)."""

    kind: str | None = None
    total_minor_units: int = 0
    agreed: str = ""
    defaulted: str = ""
    completed: str = ""
    withdrawn: str = ""

    @property
    def status(self) -> PlanStatus:
        if self.completed:
            return "completed"
        if self.withdrawn:
            return "withdrawn"
        return "defaulted" if self.defaulted > self.agreed else "active"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """Amounts are minor units of `currency`. `currency` is None until `case.received` was heard: not placed yet."""

    case_id: UUID
    creditor_id: UUID

    # Said once, at placement.
    person_id: UUID | None = None
    batch_id: UUID | None = None
    currency: str | None = None
    jurisdiction: str | None = None
    product: str | None = None
    provenance: str | None = None
    placed_on: date | None = None
    placed_minor_units: int = 0
    days_past_due: int = 0

    # The latest of what several facts say; `stamps` tells how new each is.
    fees_minor_units: int = 0
    interest_minor_units: int = 0
    principal_minor_units: int = 0
    risk_grade: str | None = None
    stage: str | None = None
    segment: str | None = None
    strategy: str | None = None
    ability: int | None = None
    willingness: int | None = None
    arrears_cause: str | None = None
    closed_reason: str | None = None
    clearance_code: str | None = None
    stamps: Mapping[str, str] = field(default_factory=dict)

    # Collections that only grow, or in which a beginning and its end cancel out.
    counts: Mapping[str, int] = field(default_factory=dict)
    """Facts by event type."""
    movements: Mapping[str, Movement] = field(default_factory=dict)
    """Stamp -> what moved the balance."""
    standing: Mapping[str, str] = field(default_factory=dict)
    """Holds, complaints and disputes that stand: identifier -> "hold:dispute", "complaint", "dispute"."""
    ended_early: Mapping[str, str] = field(default_factory=dict)
    """Ends that were heard before their beginnings."""
    plans: Mapping[str, PlanStanding] = field(default_factory=dict)

    is_recalled: bool = False
    first_stamp: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None
    last_contact_at: datetime | None = None
    trace_id: str | None = None
    """Of the first fact: the trace that starts at the lender's request."""

    def count(self, event_type: str) -> int:
        return self.counts.get(event_type, 0)

    @property
    def is_placed(self) -> bool:
        return self.currency is not None

    @property
    def is_open(self) -> bool:
        return self.is_placed and self.closed_reason is None and not self.is_recalled

    @property
    def account(self) -> Account:
        """Followed anew at each call: ask once where several of its figures are needed."""
        return account_of(self.movements)

    @property
    def outstanding_minor_units(self) -> int:
        """What the borrower owes, whoever works the case."""
        return self.account.owed

    @property
    def collected_minor_units(self) -> int:
        """Received minus taken back, as far as it was owed."""
        total = self.account.total
        return total.paid - total.reversed

    @property
    def waived_minor_units(self) -> int:
        return self.account.total.waived

    @property
    def plan(self) -> tuple[str, PlanStanding] | None:
        """The plan agreed last; one that was withdrawn from stands behind every other, as if it had never been."""
        if not self.plans:
            return None
        return max(self.plans.items(), key=lambda item: (not item[1].withdrawn, item[1].agreed, item[0]))

    @property
    def plan_status(self) -> PlanStatus:
        return self.plan[1].status if self.plan else "none"

    @property
    def holds(self) -> tuple[str, ...]:
        """The kinds of the holds that stand, sorted."""
        return tuple(sorted(k.removeprefix("hold:") for k in self.standing.values() if k.startswith("hold:")))

    @property
    def complaints_open(self) -> int:
        return sum(kind == "complaint" for kind in self.standing.values())

    @property
    def disputes_open(self) -> int:
        return sum(kind == "dispute" for kind in self.standing.values())

    @property
    def status(self) -> CaseStatus:
        if not self.is_placed:
            return "unplaced"
        if self.is_recalled:
            return "recalled"
        if self.closed_reason is not None:
            return "closed"
        return self._working_status()

    def _working_status(self) -> CaseStatus:
        if self.plan_status == "defaulted":
            return "defaulted"
        if self.plan_status not in ("none", "withdrawn"):
            return "plan_active"
        if self.count("plan.proposed") or self.count("plan.countered"):
            return "negotiating"
        if self.count("contact.attempted") or self.count("borrower.replied"):
            return "in_contact"
        return "assessed" if self.count("case.assessed") else "received"
