"""What relief may be asked for, and which evidence goes with each cause: data, so that a lender's list can replace it.

Nobody is asked for more than proves the cause; one paper of a group is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cause = Literal["job_loss", "illness", "disaster", "bereavement"]
Form = Literal["pause", "deferral", "interest_freeze", "reduced"]
EvidenceKind = Literal[
    "termination_letter",
    "unemployment_registration",
    "medical_certificate",
    "hospital_record",
    "official_notice",
    "insurance_report",
    "photographs",
    "death_certificate",
    "family_register",
    "other",
]

MONTHS_ASKED_MAX = 12


@dataclass(frozen=True, slots=True)
class CauseRule:
    """`groups`: of each group one kind of evidence is needed. `arrears_cause`: the word that assessment knows."""

    groups: tuple[frozenset[EvidenceKind], ...]
    arrears_cause: str


RULES: dict[Cause, CauseRule] = {
    "job_loss": CauseRule((frozenset({"termination_letter", "unemployment_registration"}),), "job_loss"),
    "illness": CauseRule((frozenset({"medical_certificate", "hospital_record"}),), "illness"),
    "disaster": CauseRule((frozenset({"official_notice", "insurance_report", "photographs"}),), "cash_flow_gap"),
    "bereavement": CauseRule((frozenset({"death_certificate", "family_register"}),), "bereavement"),
}


def missing_evidence(cause: Cause, given: frozenset[EvidenceKind]) -> tuple[tuple[EvidenceKind, ...], ...]:
    """The groups of which nothing is there yet, each in a fixed order; empty: all that is needed is there."""
    return tuple(tuple(sorted(group)) for group in RULES[cause].groups if not group & given)
