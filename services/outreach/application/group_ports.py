"""What grouping persons across lenders needs of the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from services.outreach.application.records import CaseKey
from services.outreach.domain.person_groups import Token


class PersonGroups(Protocol):
    """Groups of persons who are one human being. Persons are locked before their groups, each in the order of ids."""

    async def claim_due(self, limit: int, lease_s: float) -> list[UUID]:
        """Persons whose tokens are to be asked for now; nobody else asks for them until the lease is over."""
        ...

    async def ask_again(self, person_ids: Sequence[UUID], after_s: float) -> None:
        """No answer: ask later. From now on their contacts are decided without: denied as a missing fact."""
        ...

    async def join(self, tokens: Mapping[UUID, Collection[Token]], ask_after_s: float) -> set[UUID]:
        """Put persons into groups by their tokens, merging groups where need be; answers with those newly in one."""
        ...

    async def hold(self, case_ids: Collection[UUID], *, wait: bool = True) -> set[UUID]:
        """Lock the groups of cases whose persons are locked. Without waiting: the cases whose groups nobody holds."""
        ...

    async def other_cases(self, case_ids: Collection[UUID]) -> list[CaseKey]:
        """The open cases of the same human beings, with whatever lender, without these."""
        ...
