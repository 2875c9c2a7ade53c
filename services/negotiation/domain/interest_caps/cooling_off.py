"""How many days a borrower may take an agreement back, without a reason and without a cost.

Where the law says nothing, or only speaks of other contracts, the days are our own policy and are marked so: somebody
who agreed under pressure or in haste keeps nothing, and an agreement that is taken back early costs the least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AgreementKind = Literal["lump_sum", "instalments", "hardship_pause", "restructured"]
AGREEMENT_KINDS: tuple[AgreementKind, ...] = ("lump_sum", "instalments", "hardship_pause", "restructured")

POLICY_DAYS: dict[AgreementKind, int] = {"lump_sum": 7, "instalments": 7, "hardship_pause": 7, "restructured": 14}
_POLICY = "our policy: the law knows no right to take back an arrangement about a debt that exists"


@dataclass(frozen=True, slots=True)
class CoolingOff:
    """`basis`: whether the days are the law's or our own policy's. `law_days`: the least that the law asks, if any."""

    days: int
    basis: Literal["law", "policy"]
    clause: str
    confidence: str
    law_days: int | None = None


# Restructuring makes a new credit agreement, and that is what these rights are about.
_LAW: dict[str, CoolingOff] = {
    "GB": CoolingOff(14, "law", "Consumer Credit Act 1974 s. 66A: 14 days from a new agreement", "secondary", 14),
    "IE": CoolingOff(14, "law", "Directive 2008/48/EC art. 14 and its successor: 14 days", "secondary", 14),
    "IN": CoolingOff(
        14, "policy", "RBI digital lending directions ask for one day at least; ours is longer", "memory", 1
    ),
}


def cooling_off(jurisdiction: str, kind: AgreementKind) -> CoolingOff:
    """The right for a kind of agreement, with where it comes from."""
    if kind == "restructured" and jurisdiction in _LAW:
        return _LAW[jurisdiction]
    return CoolingOff(POLICY_DAYS[kind], "policy", _POLICY, "policy")


def cooling_off_days(jurisdiction: str, kind: AgreementKind) -> int:
    """Days after the day of agreement, counted in the person's zone; the last one is wholly theirs."""
    return cooling_off(jurisdiction, kind).days
