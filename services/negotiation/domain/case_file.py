"""What negotiation knows of a case: the mandate, the assessment, the books, and which holds stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.negotiation.domain.calendar import business_date, zones_of
from services.negotiation.domain.ledger import Books, Bucket
from services.negotiation.domain.plan import PlanStatus

ClosingReason = Literal["paid_in_full", "plan_completed", "recalled"]

HARDSHIP_CAUSES = frozenset({"job_loss", "illness", "bereavement"})

BLOCKING_HOLDS = frozenset(
    {
        "dispute",
        "wrong_person",
        "verification",
        "quarantine",
        "distress",
        "representation",
        "deceased",
        "bankruptcy",
        "moratorium",
    }
)
"""Holds under which nothing new is agreed.

A debt in dispute is settled first, for an agreement may be read as admitting it; under `wrong_person` and
`verification` the person or the debt may not be the right one; a case in quarantine has facts that we could not read.
Nobody in distress is bound by what they agree to that day; who has a representative is spoken to through them; after a
death, in bankruptcy and in a moratorium the law decides first. Money is taken and booked under any hold.
"""
OPEN_HOLDS = frozenset({"cease", "complaint", "hardship", "default_playbook", "critical_conduct"})
"""These hold *us* back; the borrower's own acts on the page stay open to them."""
OWN_HOLDS = frozenset({"replan_limit"})
"""Holds that this service puts by itself: after some broken plans a person decides whether another one helps."""

ROUNDS_MAX = 10
"""Proposals and counter-offers between two agreements."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """What the creditor lets us agree to on this case."""

    discount_max_basis_points: int
    term_months_max: int
    instalment_min: int
    pause_months_max: int
    allocation_order: tuple[Bucket, ...]
    grace_days: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """The last word of assessment. `affordable_monthly` is None where nothing is known."""

    risk_grade: str = "C"
    stage: str = "early"
    arrears_cause: str = "unknown"
    affordable_monthly: int | None = None
    is_vulnerable: bool = False


@dataclass(frozen=True, slots=True)
class KnownMeans:
    """What the newest statement of income and spending says: minor units a month for this debt, good before a day.

    `rhythm` is how the main income comes: weekly, fortnightly, monthly, or on a pay day (of the month).
    """

    statement_id: UUID
    affordable_monthly: int
    valid_until: date
    rhythm: str = "monthly"
    pay_day: int | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """The loan as it was placed: what its lender told of it. Amounts in minor units of the case's currency."""

    product: str
    region: str | None
    annual_rate_basis_points: int
    originated_on: date
    oldest_due_on: date
    term_months: int
    instalments_paid: int
    instalments_missed: int
    days_past_due: int
    placed_on: date
    arrears: int
    annual_income: int | None


@dataclass(frozen=True, slots=True)
class CurrentPlan:
    """The newest plan of a case, whatever became of it."""

    plan_id: UUID
    status: PlanStatus


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as outreach told it; it may end by itself."""

    kind: str
    until: datetime | None
    is_released: bool

    def stands(self, now: datetime) -> bool:
        return not self.is_released and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case. `rounds` counts proposals and counter-offers since the last agreement, `defaults` broken plans.

    `person_id` and `contract` are None for cases that were taken on before they were kept here.
    """

    case_id: UUID
    creditor_id: UUID
    language: str
    currency: str
    jurisdiction: str
    candidate_zones: tuple[str, ...]
    mandate: Mandate
    regular_instalment: int
    books: Books
    assessment: Assessment | None = None
    plan: CurrentPlan | None = None
    closed: ClosingReason | None = None
    rounds: int = 0
    defaults: int = 0
    is_erased: bool = False
    person_id: UUID | None = None
    contract: Contract | None = None
    means: KnownMeans | None = None

    @property
    def zones(self) -> tuple[str, ...]:
        return zones_of(self.candidate_zones, self.jurisdiction)

    @property
    def active_plan_id(self) -> UUID | None:
        return self.plan.plan_id if self.plan is not None and self.plan.status == "active" else None

    @property
    def countable_plan_id(self) -> UUID | None:
        """The plan that payments count towards: also a broken one, because a late report may heal it."""
        return self.plan.plan_id if self.plan is not None and self.plan.status in ("active", "defaulted") else None

    def today(self, now: datetime) -> date:
        return business_date(now, self.zones)

    def known_means(self, today: date) -> KnownMeans | None:
        """The newest statement of means while it is good; it goes before any estimate."""
        return self.means if self.means is not None and today < self.means.valid_until else None

    def affordable_monthly(self, today: date) -> int | None:
        """What can be paid a month: from the statement, else estimated by assessment; None where nothing is known."""
        means = self.known_means(today)
        if means is not None:
            return means.affordable_monthly
        return self.assessment.affordable_monthly if self.assessment is not None else None

    def may_be_offered(self) -> bool:
        """Whether offers are made at all: something is owed, work goes on, and no plan is running."""
        return self.closed is None and not self.is_erased and self.active_plan_id is None and self.books.balance > 0


def blocking_hold(holds: Iterable[Hold], now: datetime) -> str | None:
    """The kind of a standing hold under which nothing new may be agreed, if there is one."""
    return next((hold.kind for hold in holds if hold.kind in BLOCKING_HOLDS | OWN_HOLDS and hold.stands(now)), None)
