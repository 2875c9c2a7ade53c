"""What letting borrowers in needs of the outside: links, guesses, sessions, looks, and the vault's answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from services.negotiation.domain.access import FactorKind, Guess, Session, VisitorRole
from shared.kernel.clock import Clock

GuessOutcome = Literal["wrong", "right", "not_checked"]
LookerRole = Literal[VisitorRole, "staff"]


@dataclass(frozen=True, slots=True)
class FileLook:
    """One use of a case's file. `looker` is a staff member's or a representative's code, empty for the borrower.

    `what` names the page or the address as a pattern, never with a value in it.
    """

    look_id: UUID
    case_id: UUID
    creditor_id: UUID
    role: LookerRole
    looker: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ages:
    """Before which moment what access leaves behind is forgotten."""

    guesses: datetime
    sessions: datetime
    links: datetime


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A borrower asked for a new link. `answered_at`: when somebody of the staff saw to it."""

    request_id: UUID
    case_id: UUID
    creditor_id: UUID
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None


class Access(Protocol):
    """Everything under `work.access`. Times are the machine's, but those of looks and link requests."""

    async def is_link_used(self, link: bytes) -> bool: ...
    async def use_link(self, link: bytes, case_id: UUID, creditor_id: UUID, at: datetime) -> bool:
        """False where it had been used before."""
        ...

    async def guesses(self, case_id: UUID, link: bytes, since: datetime) -> list[Guess]:
        """Those about the case since then, and all with the link; answered rightly or not looked at do not count."""
        ...

    async def reserve_guess(self, guess_id: UUID, case_id: UUID, creditor_id: UUID, guess: Guess) -> None: ...
    async def settle_guess(self, guess_id: UUID, outcome: GuessOutcome) -> None: ...
    async def open_session(self, session: Session) -> None:
        """Removes the sessions of the case that are over."""
        ...

    async def session(self, key_hash: bytes) -> Session | None: ...
    async def note_seen(self, key_hash: bytes, at: datetime) -> None: ...
    async def close_session(self, key_hash: bytes) -> None: ...
    async def forget_older(self, ages: Ages, limit: int) -> int:
        """Delete at most `limit` of each kind that are older; how many."""
        ...

    async def forget(self, case_ids: Collection[UUID]) -> None:
        """Nobody gets in any more; who looked stays on record, it names nobody outside."""
        ...

    async def add_look(self, look: FileLook) -> None: ...
    async def looks(self, case_id: UUID, limit: int) -> list[FileLook]:
        """Newest first."""
        ...

    async def add_link_request(self, request: LinkRequest) -> None: ...
    async def newest_link_request(self, case_id: UUID) -> LinkRequest | None: ...
    async def open_link_requests(self, limit: int) -> list[LinkRequest]:
        """Of all cases, oldest first."""
        ...

    async def answer_link_request(self, case_id: UUID, request_id: UUID, by: str) -> bool:
        """False where there is none that is open."""
        ...


class VaultAway(ConnectionError):
    """The vault cannot be asked at this moment. Answered as 503; nothing is told and nobody gets in."""


@dataclass(frozen=True, slots=True)
class FactorAnswer:
    """`is_right` is None where nothing was answered."""

    kind: FactorKind
    is_right: bool | None


class SecondFactor(Protocol):
    async def check(self, case_id: UUID, answer: str | None) -> FactorAnswer:
        """Raises VaultAway, and NoSuchThing for a case that the vault does not know (any more)."""
        ...


@dataclass(frozen=True, slots=True)
class Agency:
    """Who we are, as pages say it: (English, Chinese)."""

    name: tuple[str, str]
    telephone: str
    post: tuple[str, str]


@dataclass(frozen=True)
class Portal:
    """What the borrower's pages are given. `machine` is the clock by which sessions end and guesses are counted."""

    machine: Clock
    factor: SecondFactor
    agency: Agency
    form_key: bytes
    is_https_only: bool
