"""What is kept about validation notices."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.validation_records import NoticeAttempt, ValidationNotice


class ValidationNotices(Protocol):
    """One row a case; cases elsewhere have none, and whatever is said of them here changes nothing."""

    async def open(self, notices: Sequence[ValidationNotice]) -> None: ...

    async def begin(self, communications: Mapping[UUID, datetime]) -> None:
        """Case -> when something about the debt was communicated; only the first makes the notice due."""
        ...

    async def add_payments(self, paid: Sequence[tuple[UUID, int]]) -> None:
        """(case, minor units); less than nothing where a payment is taken back."""
        ...

    async def due(self, limit: int) -> list[UUID]:
        """Cases whose notice is to be looked at. Locks nothing."""
        ...

    async def claim(self, case_ids: Collection[UUID]) -> list[ValidationNotice]:
        """Those that are still due and whose persons nobody else holds; locks those persons."""
        ...

    async def attempts(self, notices: Sequence[ValidationNotice]) -> Mapping[UUID, NoticeAttempt]: ...

    async def save(self, notices: Sequence[ValidationNotice]) -> None:
        """Everything but the statement at placement and what was paid since."""
        ...

    async def postpone(self, case_ids: Collection[UUID], at: datetime) -> None: ...

    async def follow(self, case_id: UUID, attempt_id: UUID, at: datetime) -> None:
        """Staff sends the notice by that attempt: it is looked at then. Not where one has been provided."""
        ...

    async def look_again(self, attempt_ids: Collection[UUID]) -> None:
        """Those of these attempts that are settled: the notices that they carried are looked at now."""
        ...

    async def period_end(self, case_id: UUID) -> date | None:
        """The last day of the validation period; None where no notice has been provided."""
        ...
