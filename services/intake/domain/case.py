"""A case as intake knows it after placement: open, recalled or closed, and whether a plan is being kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.refusals import CaseNotOpen, PlanBeingKept


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """When a plan was last agreed, broken and completed. A plan that was withdrawn from was never agreed.

    Only the latest of each kind counts, so that the order of the news does not. A plan counts as broken from the
    default playbook's hold on; a new agreement after that is kept again.
    """

    agreed_at: datetime | None = None
    broken_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def is_being_kept(self) -> bool:
        if self.agreed_at is None:
            return False
        return all(ended is None or ended < self.agreed_at for ended in (self.broken_at, self.completed_at))


@dataclass(frozen=True, slots=True)
class Case:
    """The part of a case that rules are made of. `status`: open, recalled or closed."""

    case_id: UUID
    creditor_id: UUID
    person_id: UUID
    account_id: UUID
    currency: str
    status: str
    plan: PlanHistory

    def must_be_open(self) -> None:
        if self.status != "open":
            raise CaseNotOpen

    def must_be_recallable(self, *, force: bool) -> None:
        """A recall breaks a plan that the borrower keeps; only force permits that."""
        self.must_be_open()
        if self.plan.is_being_kept and not force:
            raise PlanBeingKept
