"""One version of a lender's mandate for a product: a draft until somebody else has approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.negotiation.domain.ledger import Bucket
from services.negotiation.domain.mandates.grid import WHOLE
from services.negotiation.domain.mandates.limits import Limits, ReliefKind

VersionStatus = Literal["draft", "approved", "rejected", "retired"]

TERM_MONTHS_MAX = 120
GRACE_DAYS_MAX = 30
RELIEF_MONTHS_MAX = 24
GRID_ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class Authority:
    """What one role of ours may agree to by itself: discount in basis points of the balance, months, relief kinds."""

    role: str
    discount_max_basis_points: int
    term_months_max: int
    reliefs: tuple[ReliefKind, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeAllowed:
    """A fee that the contract names, and its largest amount in minor units."""

    code: str
    amount_max: int


@dataclass(frozen=True, slots=True)
class Charges:
    """What the contract lets be added after default. Yearly rates in basis points."""

    fees: tuple[FeeAllowed, ...] = ()
    annual_rate_basis_points: int = 0
    default_rate_basis_points: int = 0


NO_CHARGES = Charges()


@dataclass(frozen=True, slots=True)
class MandateVersion:
    """`product` None: every product of the lender that has no version of its own. In force from `effective_from` up to
    and without `effective_to`. `is_lenders_word`: the lender itself drafted or approved it; otherwise it can only
    tighten what came with the case."""

    version_id: UUID
    creditor_id: UUID
    product: str | None
    number: int
    currency: str
    limits: Limits
    allocation_order: tuple[Bucket, ...]
    grace_days: int
    effective_from: date
    effective_to: date | None = None
    status: VersionStatus = "draft"
    is_lenders_word: bool = False
    charges: Charges = NO_CHARGES
    authorities: tuple[Authority, ...] = ()

    def is_in_force(self, on: date) -> bool:
        has_begun = self.status == "approved" and self.effective_from <= on
        return has_begun and (self.effective_to is None or on < self.effective_to)


@dataclass(frozen=True, slots=True)
class VersionFault:
    """Why a version cannot be approved: a stable code and where (a JSON pointer into the version)."""

    code: str
    pointer: str


def version_faults(version: MandateVersion) -> tuple[VersionFault, ...]:
    """Everything that makes a version unusable, at once; empty: it can be approved."""
    limits, found = version.limits, list(_grid_faults(version))
    ends_first = version.effective_to is not None and version.effective_to <= version.effective_from
    roles = [authority.role for authority in version.authorities]
    kinds = [relief.kind for relief in limits.reliefs]
    checks = (
        (not 1 <= limits.term_months_max <= TERM_MONTHS_MAX, "term_out_of_range", "/term_months_max"),
        (limits.instalment_min < 0, "instalment_negative", "/instalment_min"),
        (not 0 <= version.grace_days <= GRACE_DAYS_MAX, "grace_out_of_range", "/grace_days"),
        (sorted(version.allocation_order) != ["fees", "interest", "principal"], "order_wrong", "/allocation_order"),
        (ends_first, "ends_before_it_begins", "/effective_to"),
        (not limits.frequencies, "no_frequency", "/frequencies"),
        (len(set(kinds)) < len(kinds), "relief_twice", "/reliefs"),
        (any(not 1 <= r.months_max <= RELIEF_MONTHS_MAX for r in limits.reliefs), "relief_out_of_range", "/reliefs"),
        (len(set(roles)) < len(roles), "role_twice", "/authorities"),
        (any(a.discount_max_basis_points > WHOLE for a in version.authorities), "share_above_whole", "/authorities"),
        (_falls_below_term(version), "restructuring_shorter_than_term", "/restructuring"),
    )
    return (*found, *(VersionFault(code, pointer) for is_wrong, code, pointer in checks if is_wrong))


def _grid_faults(version: MandateVersion) -> list[VersionFault]:
    grid, found = version.limits.grid, []
    if len(grid.rows) > GRID_ROWS_MAX:
        return [VersionFault("grid_too_large", "/grid")]
    for position, row in enumerate(grid.rows):
        shares = (row.largest.fees, row.largest.interest, row.largest.principal, row.largest.overall)
        if not all(0 <= share <= WHOLE for share in shares):
            found.append(VersionFault("share_above_whole", f"/grid/{position}"))
        spans = (row.days_past_due, row.balance)
        if any(span.start < 0 or (span.below is not None and span.below <= span.start) for span in spans):
            found.append(VersionFault("span_empty", f"/grid/{position}"))
    return found + [VersionFault("rows_overlap", f"/grid/{second}") for _, second in grid.overlaps()]


def _falls_below_term(version: MandateVersion) -> bool:
    restructuring = version.limits.restructuring
    return restructuring is not None and restructuring.term_months_max < version.limits.term_months_max
