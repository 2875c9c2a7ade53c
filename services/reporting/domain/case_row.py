"""A case as reporting knows it: a function of the set of its facts, whatever order they came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

CaseStatus = Literal[
    "unplaced", "received", "assessed", "in_contact", "negotiating", "plan_active", "defaulted", "closed", "recalled"
]
PlanStatus = Literal["none", "active", "defaulted", "completed"]
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

    @property
    def status(self) -> PlanStatus:
        if self.completed:
            return "completed"
        return "defaulted" if self.defaulted > self.agreed else "active"


@dataclass(frozen=True, slots=True)
class Reversal:
    """A payment taken back: in which calendar month, and how much."""

    month: str
    minor_units: int


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
    waivers: Mapping[str, int] = field(default_factory=dict)
    """Stamp -> amount waived by a completed plan."""
    collected_by_month: Mapping[str, int] = field(default_factory=dict)
    """"YYYY-MM" of receipt -> what was allocated to the debt."""
    overpaid: Mapping[str, int] = field(default_factory=dict)
    """Payment -> the part that was more than owed."""
    reversals: Mapping[str, Reversal] = field(default_factory=dict)
    """Payment -> its reversal."""
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
    def outstanding_minor_units(self) -> int:
        """What the borrower still owes, whoever works the case."""
        told = self.fees_minor_units + self.interest_minor_units + self.principal_minor_units
        since = self.stamps.get("balance", "")
        return max(0, told - sum(amount for stamp, amount in self.waivers.items() if stamp > since))

    @property
    def collected_minor_units(self) -> int:
        return sum(self.net_collected_by_month.values())

    @property
    def net_collected_by_month(self) -> Mapping[str, int]:
        """Received minus taken back, each in its own month. What was overpaid never counted, so it is not taken off."""
        months = dict(self.collected_by_month)
        for payment_id, reversal in self.reversals.items():
            effect = max(0, reversal.minor_units - self.overpaid.get(payment_id, 0))
            months[reversal.month] = months.get(reversal.month, 0) - effect
        return months

    @property
    def waived_minor_units(self) -> int:
        return sum(self.waivers.values())

    @property
    def plan(self) -> tuple[str, PlanStanding] | None:
        """The plan agreed last."""
        if not self.plans:
            return None
        return max(self.plans.items(), key=lambda item: (item[1].agreed, item[0]))

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
        if self.plan_status != "none":
            return "plan_active"
        if self.count("plan.proposed") or self.count("plan.countered"):
            return "negotiating"
        if self.count("contact.attempted") or self.count("borrower.replied"):
            return "in_contact"
        return "assessed" if self.count("case.assessed") else "received"
