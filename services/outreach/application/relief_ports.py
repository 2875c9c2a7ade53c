"""What outreach keeps of relief: enough to know whether it is over, whatever is heard first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Reliefs(Protocol):
    async def note(self, heard: Sequence[tuple[UUID, UUID, datetime]]) -> set[UUID]:
        """Relief, case, and how long contact rests for it. Answers with those whose end was heard of before."""
        ...

    async def end(self, heard: Sequence[tuple[UUID, UUID]]) -> None:
        """Relief and case: it is over, also where nothing else of it was heard."""
        ...

    async def resting(self, case_ids: Collection[UUID]) -> set[UUID]:
        """The cases for which some relief still is not over."""
        ...
