"""The audit of the books: every balance on file is the sum of its postings, or somebody hears of it."""

from __future__ import annotations

from uuid import UUID

from services.negotiation.application.ports import OpenWork
from services.negotiation.domain.ledger import BooksBroken

CASES_MAX = 5_000
"""Cases in one step; the steps go round and round through all of them."""


class BooksAudit:
    """Looks at some cases at a time. Ends the process on a difference: wrong books are not worked on any further."""

    def __init__(self, begin: OpenWork) -> None:
        self._begin = begin
        self._after = UUID(int=0)

    async def step(self) -> int:
        """Answers with the number of cases looked at, 0 at the end of a round. Raises BooksBroken with the case ids."""
        async with self._begin() as work:
            looked_at, last, differing = await work.ledger.compare(self._after, CASES_MAX)
        if differing:
            raise BooksBroken("balance and postings differ: " + ", ".join(map(str, differing[:100])))
        self._after = last if last is not None else UUID(int=0)
        return looked_at
