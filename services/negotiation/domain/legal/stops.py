"""What stands in the way of every step in law: some of it ends the file, some of it halts it while it lasts."""

from __future__ import annotations

from dataclasses import dataclass

from services.negotiation.domain.legal.grounds import NotLawful

ENDING_HOLDS = {"deceased": "stopped", "bankruptcy": "stopped", "wrong_person": "stopped"}
"""Hold -> the outcome with which the file is closed. Whoever pursues further begins with a new hand-over."""
HALTING_HOLDS = frozenset(
    {
        "dispute",
        "moratorium",
        "complaint",
        "hardship",
        "verification",
        "quarantine",
        "distress",
        "representation",
        "critical_conduct",
    }
)
"""Holds under which nothing moves on. `representation`: we would be writing past the person's own lawyer."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How the case stands at a moment, read in the same transaction as the step that it decides about."""

    balance: int
    holds: frozenset[str] = frozenset()
    closed: str | None = None
    has_active_plan: bool = False
    is_in_relief: bool = False
    is_vulnerable: bool = False
    is_erased: bool = False
    has_upheld_complaint: bool = False

    @property
    def ending(self) -> tuple[str, tuple[str, ...]] | None:
        """Outcome and reasons where the file has to be closed; None where it need not be."""
        if self.closed == "recalled":
            return "stopped", ("recalled",)
        if self.closed is not None or self.balance <= 0:
            return "satisfied", (self.closed or "paid_in_full",)
        if self.has_active_plan:
            return "settled", ("plan_agreed",)
        found = tuple(sorted(self.holds & ENDING_HOLDS.keys())) + (("erased",) if self.is_erased else ())
        return ("stopped", found) if found else None

    @property
    def halting(self) -> tuple[str, ...]:
        """Why nothing may move on for now."""
        others = {
            "relief": self.is_in_relief,
            "vulnerability_review": self.is_vulnerable,
            "complaint_upheld": self.has_upheld_complaint,
        }
        return tuple(sorted((self.holds & HALTING_HOLDS) | {name for name, stands in others.items() if stands}))


@dataclass(frozen=True, slots=True)
class Unhindered:
    """Nothing stands in the way at this moment. Cannot be made where something does."""

    circumstances: Circumstances

    def __post_init__(self) -> None:
        ending = self.circumstances.ending
        found = ending[1] if ending is not None else self.circumstances.halting
        if found:
            raise NotLawful(f"stopped.{found[0]}", "something stands in the way of every step in law")
