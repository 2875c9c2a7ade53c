"""What is said no to about versions of mandates.

Refusal
├── Invalid
│   └── MandateUnusable   the figures cannot be a mandate; every fault at once
└── Conflict
    └── NotInForce        not a draft that waits, or not a version in force
"""

from __future__ import annotations

from services.negotiation.domain.mandates.version import VersionFault
from shared.kernel.refusal import Conflict, Invalid, Reason


class MandateUnusable(Invalid):
    def __init__(self, faults: tuple[VersionFault, ...]) -> None:
        reasons = [Reason(fault.code, fault.pointer) for fault in faults]
        super().__init__("mandate_unusable", "these figures cannot be a mandate", reasons)


class NotInForce(Conflict):
    def __init__(self) -> None:
        super().__init__("mandate_not_in_force", "this version was decided or retired already")
