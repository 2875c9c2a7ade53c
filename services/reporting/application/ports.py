"""What reporting needs of the outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.facts import Fact
from services.reporting.domain.figures import MonthKey, PortfolioKey
from services.reporting.domain.journal import Entry, Head
from services.reporting.domain.scope import Scope
from services.reporting.domain.statement import BookedMovement
from shared.db.transaction import Transaction
from shared.kernel.clock import Clock


class Recording(Protocol):
    """The writing side, inside one batch's transaction. `lock_head` comes first: it puts all writers in line, so the
    rest needs no locks of its own.
    """

    async def lock_head(self) -> Head: ...
    async def write_entries(self, head: Head, entries: Sequence[Entry]) -> None: ...
    async def write_movements(self, movements: Sequence[BookedMovement]) -> None: ...
    async def load_cases(self, case_ids: Collection[UUID]) -> dict[UUID, CaseRow]: ...
    async def save_cases(self, rows: Sequence[CaseRow]) -> None: ...
    async def move_portfolio(self, figures: Mapping[PortfolioKey, Counter[str]]) -> None: ...
    async def move_months(self, figures: Mapping[MonthKey, Counter[str]]) -> None: ...
    async def move_batches(self, records: Mapping[tuple[UUID, UUID], Counter[str]]) -> None: ...
    async def move_tallies(self, tallies: Counter[tuple[UUID, str, str]]) -> None: ...
    async def entries_after(self, position: int, limit: int) -> list[Entry]: ...

    async def forget_figures(self) -> None:
        """Take out what can be folded from the journal again; the journal itself, movements and topics stay."""
        ...

    async def note_topic(self, topic: str, facts: Sequence[Fact]) -> None: ...


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows; None: any. Newest placement first, `after` is the last case of the page before."""

    creditor_id: UUID | None = None
    currency: str | None = None
    status: str | None = None
    risk_grade: str | None = None
    is_on_hold: bool | None = None
    case_id: UUID | None = None
    after: UUID | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One creditor's figures in one currency; `figures` has the names of `domain.figures.FIGURES`."""

    creditor_id: UUID
    currency: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Month since placement, what was placed and what was collected in it."""

    currency: str
    month: int
    placed_minor_units: int
    collected_minor_units: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One placement of a creditor: its records, and how its debt was collected month by month."""

    batch_id: UUID
    creditor_id: UUID
    accepted: int
    rejected: int
    first_at: datetime
    months: tuple[MonthFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicFlow:
    """`delay` runs from the making of an event to its entry in the journal, by the machines' clocks."""

    topic: str
    events: int
    events_last_hour: int
    seconds_since_last: float
    delay_average_ms: float | None
    delay_max_ms: float | None
    per_minute: tuple[int, ...]
    """The last sixty minutes, oldest first."""


@dataclass(frozen=True, slots=True)
class Standstill:
    """What the subscriber could not take yet: events that wait, by reason, and cases in quarantine."""

    waiting: Mapping[str, int]
    quarantined: int
    journal: Head


class Views(Protocol):
    """The reading side. Sees what its scope may see; row-level security holds even where a query forgets."""

    async def portfolio(self) -> list[PortfolioRow]: ...
    async def tallies(self) -> list[tuple[UUID, str, str, int]]: ...
    async def batches(self, limit: int, after: UUID | None = None) -> list[Batch]: ...
    async def months_by_currency(self) -> list[MonthFigures]: ...
    async def rejected_records(self) -> dict[UUID, int]: ...
    async def cases(self, wanted: CaseFilter) -> list[CaseRow]: ...
    async def case(self, case_id: UUID) -> CaseRow | None: ...
    async def entries_of(self, keys: Collection[UUID], limit: int) -> list[Entry]: ...
    async def events_by_topic(self) -> dict[str, int]: ...
    async def flow(self) -> list[TopicFlow]: ...
    async def standstill(self) -> Standstill: ...
    async def head(self) -> Head: ...
    async def entries_after(self, position: int, limit: int) -> list[Entry]: ...
    async def movements_after(
        self, creditor_id: UUID, ends_at: datetime, after: UUID | None, cases: int
    ) -> list[BookedMovement]:
        """The movements of the next `cases` cases behind `after`, whole cases, in order of case and stamp."""
        ...

    async def cases_with_entries(self, after: UUID | None, limit: int) -> list[tuple[CaseRow, list[Entry]]]:
        """The next cases behind `after`, each with its entries, all as of one moment."""
        ...

    async def months(self) -> dict[MonthKey, Counter[str]]: ...


class SignInLimit(Protocol):
    """Slows down guessing. Raises `Overloaded`."""

    def check(self, who: str) -> None: ...
    def note_failure(self, who: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Access:
    """The secrets by which callers are known. `wall` is the machine's clock: a session lasts hours of ours."""

    staff_token: str
    token_secret: bytes
    wall: Clock
    sign_ins: SignInLimit
    cookies_need_https: bool


@dataclass(frozen=True, slots=True)
class Resources:
    """What the entrypoints work with. `read` opens a snapshot for one caller's scope; `record` wraps a transaction."""

    clock: Clock
    access: Access
    traces_url: str | None
    read: Callable[[Scope], AbstractAsyncContextManager[Views]]
    record: Callable[[Transaction], Recording]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, UTC, both included."""

    first: date
    last: date
