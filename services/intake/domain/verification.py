"""Verifying a record: every check, every reason at once, and a checklist that stays with the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.intake.domain.arrears import Arrears, recompute
from services.intake.domain.checks import CHECKS, NOT_KNOWN, Examined, Rules
from services.intake.domain.creditor import Creditor
from services.intake.domain.placement import Placement
from shared.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class Verification:
    """`checklist`: check -> passed, failed or not_known. Verified where there are no reasons."""

    arrears: Arrears
    checklist: Mapping[str, str]
    reasons: tuple[Reason, ...]

    @property
    def is_verified(self) -> bool:
        return not self.reasons


def verify(placement: Placement, creditor: Creditor, rules: Rules, today: date) -> Verification:
    """Check one record. `today` is the business date in the creditor's country."""
    schedule, paid = placement.schedule, placement.paid_minor_units
    arrears = recompute(schedule, paid, placement.as_of)
    law = rules.jurisdictions[placement.jurisdiction]
    examined = Examined(placement, creditor, law, rules, today, schedule, paid, arrears)
    checklist: dict[str, str] = {}
    reasons: list[Reason] = []
    for name, check in CHECKS.items():
        found = check(examined)
        if not found:
            checklist[name] = "passed"
        elif found is NOT_KNOWN:
            checklist[name] = "not_known"
        else:
            checklist[name] = "failed"
            reasons.extend(found)
    return Verification(arrears, checklist, tuple(reasons))
