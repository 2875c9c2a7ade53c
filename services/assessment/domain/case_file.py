"""Assessment's file on a case: what is known, whether it is still worked, and what was said last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.domain.case_facts import CaseFacts
from services.assessment.domain.terms import CaseStatus


@dataclass(slots=True)
class CaseFile:
    """One case's file. `announced_key` is the treatment last told to others, `latest_sha256` the last result kept."""

    case_id: UUID
    creditor_id: UUID
    facts: CaseFacts
    status: CaseStatus = "open"
    latest_sha256: str | None = None
    announced_key: str | None = None

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    def end(self, status: CaseStatus) -> None:
        """Recalled or closed; the first end stands."""
        if self.is_open:
            self.status = status

    def forget(self, on: date) -> None:
        """The person has been erased: nothing that was known of them stays, and nothing new is learnt."""
        self.status = "erased"
        self.facts = CaseFacts.blank(on)
        self.latest_sha256 = self.announced_key = None
