"""What one person asks for another decides: the maker is never the checker, and nobody decides above their authority.

Refusal
├── NotAllowed
│   └── MayNotDecide      the maker themselves, or a role without the authority; every reason at once
└── Conflict
    ├── AlreadyDecided    decided otherwise before, or withdrawn
    ├── ApprovalExpired   nobody decided in time; it has to be asked anew
    └── AlreadyAsked      the same subject waits for a decision already
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from shared.kernel.refusal import Conflict, NotAllowed, Reason

SubjectKind = Literal["discount_above_authority", "plan_above_affordable", "relief", "mandate", "write_off", "refund"]
ApprovalStatus = Literal["open", "approved", "rejected", "expired", "withdrawn"]
Verdict = Literal["approved", "rejected"]
StaffRole = Literal["agent", "team_lead", "manager", "counsel"]

STAFF_ROLES: tuple[StaffRole, ...] = ("agent", "team_lead", "manager", "counsel")
LENDER = "lender"
OPEN_FOR = timedelta(days=14)
REASONS_MAX = 10

DECIDERS: dict[SubjectKind, tuple[str, ...]] = {
    "discount_above_authority": (LENDER,),
    # It protects the borrower from us and from the lender, so it is somebody of ours by name who answers for it.
    "plan_above_affordable": ("team_lead", "manager"),
    "relief": (LENDER,),
    "mandate": ("manager", LENDER),
    "write_off": (LENDER,),
    "refund": ("team_lead", "manager"),
}
"""Who may decide where whoever asks names nobody else (a mandate's authorities may name roles of ours)."""


class MayNotDecide(NotAllowed):
    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__("may_not_decide", "somebody else has to decide this", [Reason(code) for code in codes])


class AlreadyDecided(Conflict):
    def __init__(self, status: str) -> None:
        super().__init__("already_decided", "this was decided before", [Reason(status)])


class ApprovalExpired(Conflict):
    def __init__(self) -> None:
        super().__init__("approval_expired", "nobody decided in time; it has to be asked anew")


class AlreadyAsked(Conflict):
    def __init__(self) -> None:
        super().__init__("already_asked", "this waits for a decision already")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member of staff by their code, or the lender as one, whichever of its keys signed."""

    name: str
    role: str

    @property
    def is_lender(self) -> bool:
        return self.role == LENDER


def lender(creditor_id: UUID) -> Actor:
    return Actor(f"creditor:{creditor_id}", LENDER)


@dataclass(frozen=True, slots=True)
class FourEyes:
    """A maker and a checker who are not the same: it cannot be made of one person."""

    maker: str
    checker: str

    def __post_init__(self) -> None:
        if self.maker == self.checker:
            raise MayNotDecide(("maker_is_checker",))


@dataclass(frozen=True, slots=True)
class Approval:
    """A question and its answer. `deciders` are the roles that may answer; `details` says what is asked for, in the
    form of its kind; reasons are codes. `note` is for people, and never leaves this service."""

    approval_id: UUID
    creditor_id: UUID
    case_id: UUID | None
    kind: SubjectKind
    subject_id: UUID
    asked_by: str
    asked_role: str
    asked_at: datetime
    expires_at: datetime
    deciders: tuple[str, ...]
    reasons: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    status: ApprovalStatus = "open"
    decided_by: str | None = None
    decided_role: str | None = None
    decided_at: datetime | None = None
    decision_reasons: tuple[str, ...] = ()
    decision_note: str = ""

    def status_at(self, now: datetime) -> ApprovalStatus:
        return "expired" if self.status == "open" and now >= self.expires_at else self.status

    def is_decision_repeated(self, verdict: Verdict, by: Actor) -> bool:
        """The same person saying the same again changes nothing and is answered the same."""
        return self.status == verdict and self.decided_by == by.name

    def decide(self, verdict: Verdict, by: Actor, now: datetime, reasons: tuple[str, ...], note: str = "") -> Approval:
        """The answered question. Raises AlreadyDecided, ApprovalExpired, MayNotDecide."""
        status = self.status_at(now)
        if status == "expired":
            raise ApprovalExpired
        if status != "open":
            raise AlreadyDecided(status)
        codes = self.why_not(by)
        if codes:
            raise MayNotDecide(codes)
        eyes = FourEyes(self.asked_by, by.name)
        return replace(
            self,
            status=verdict,
            decided_by=eyes.checker,
            decided_role=by.role,
            decided_at=now,
            decision_reasons=reasons,
            decision_note=note,
        )

    def why_not(self, by: Actor) -> tuple[str, ...]:
        """Every reason why somebody may not decide this; empty: they may."""
        checks = (
            (by.name == self.asked_by, "maker_is_checker"),
            (by.role not in self.deciders, "role_without_authority"),
        )
        return tuple(code for is_so, code in checks if is_so)
