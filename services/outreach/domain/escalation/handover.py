"""A case handed over to the legal track: leave that is proven, and counsel's own signature. Neither alone is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.escalation.proof import ToHandOver
from services.outreach.domain.escalation.records import NotProven


@dataclass(frozen=True, slots=True)
class CounselSignature:
    """A named lawyer's sign-off. `reference`: where the signed paper lies."""

    counsel_id: str
    reference: str
    signed_at: datetime

    def __post_init__(self) -> None:
        if not self.counsel_id or not self.reference:
            raise NotProven("legal", "counsel's signature names counsel and its paper")


@dataclass(frozen=True, slots=True)
class SignedHandover:
    """Cannot be made without proof of every rung below, nor by one person alone; the proof is as of the signature."""

    cleared: ToHandOver
    signature: CounselSignature
    prepared_by: str

    def __post_init__(self) -> None:
        if not isinstance(self.cleared, ToHandOver):
            raise NotProven("legal", "leave for another rung")
        if self.signature.counsel_id == self.prepared_by:
            raise NotProven("legal", "who prepares does not sign")
        if self.signature.signed_at != self.cleared.as_of:
            raise NotProven("legal", "signed at another time than proven")
