"""What the use cases about templates, texts, codes and letters need of the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.content_records import IssuedCode, KeptLetter, RefusedText, SentText, Worded
from services.outreach.domain.conduct.checker import ConductChecker
from services.outreach.domain.genuine.checking import DailyList
from services.outreach.domain.templates.publishing import Parsed
from services.outreach.domain.templates.requirements import Requirements
from services.outreach.domain.templates.version import TemplateVersion
from shared.kernel.genuine.token import Token


class Templates(Protocol):
    """Versions of templates."""

    async def add(self, version: TemplateVersion) -> bool:
        """False where this code has this version already."""
        ...

    async def get(self, code: str, version: int, *, lock: bool = False) -> TemplateVersion | None: ...

    async def newest(self, code: str) -> int:
        """The highest version there is; 0 where there is none. Locks the code until the transaction ends."""
        ...

    async def find(
        self, *, state: str | None, channel: str | None, code: str | None, limit: int
    ) -> list[TemplateVersion]:
        """Newest versions first within a code."""
        ...

    async def save(self, version: TemplateVersion) -> None:
        """State, checker and retirement; nothing else of a version ever changes."""
        ...

    async def mark(self) -> tuple[int, datetime | None]:
        """Changes whenever a version is approved or retired: cheap to ask before every batch."""
        ...


class SentTexts(Protocol):
    """What was worded for attempts, and the codes it carried."""

    async def keep(self, texts: Sequence[SentText]) -> None:
        """The newest wording of an attempt stands: an earlier one never left."""
        ...

    async def get(self, attempt_id: UUID) -> SentText | None: ...

    async def by_code(self, code: str) -> SentText | None:
        """Only where the attempt has left."""
        ...

    async def issued_on(self, day: date, limit: int) -> list[IssuedCode]:
        """Codes of that day whose attempts have left."""
        ...

    async def unlisted_day(self, before: date) -> date | None:
        """The earliest day before that one with codes and no list; None where every day has its list."""
        ...

    async def publish(self, day: date, document: bytes, at: datetime) -> None:
        """A list that is there already stays as it is."""
        ...

    async def list_of(self, day: date) -> bytes | None: ...

    async def listed_days(self, limit: int) -> list[date]: ...


class RefusedTexts(Protocol):
    async def keep(self, refused: Sequence[RefusedText]) -> None:
        """One line per attempt; the same text refused again changes nothing but the time."""
        ...

    async def find(self, *, is_open: bool, limit: int) -> list[RefusedText]: ...

    async def resolve(self, attempt_id: UUID, by: str, at: datetime) -> RefusedText | None:
        """None where there was nothing open."""
        ...


class Letters(Protocol):
    async def keep(self, letters: Sequence[KeptLetter]) -> None: ...

    async def get(self, attempt_id: UUID) -> KeptLetter | None: ...

    async def throw_away(self, limit: int) -> int:
        """Letters whose time is over; answers with how many."""
        ...


class TemplateReader(Protocol):
    """Reads a template as its engine would."""

    def parse(self, version: TemplateVersion, requirements: Requirements) -> Parsed: ...


class Genuineness(Protocol):
    """The agency's signing key, and what is published of it."""

    def stamp(self, kind: str, attempt_id: UUID, day: date, digest: bytes) -> Token: ...

    def sign_list(self, day: date, entries: Mapping[str, str]) -> bytes:
        """The list as it is published. `entries`: commitment -> digest, both hex."""
        ...

    def read_list(self, document: bytes) -> DailyList:
        """Raises ValueError for what is no list."""
        ...

    def verify(self, key_id: bytes, signed: bytes, signature: bytes) -> bool: ...

    def published_keys(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """A letter to be made: whom it goes to, and what it says. `kind`: letter or validation_notice."""

    attempt_id: UUID
    kind: str
    name: str
    address: str
    dated_on: date
    worded: Worded


class LetterPress(Protocol):
    """Makes PDFs of letters, off the event loop."""

    @property
    def is_open(self) -> bool:
        """False where letters go out as text: no print house is named."""
        ...

    async def print(self, orders: Sequence[LetterOrder]) -> Mapping[UUID, bytes]:
        """Those that could be made."""
        ...


@dataclass(frozen=True)
class Content:
    """Everything about content that the entry points are given."""

    requirements: Requirements
    reader: TemplateReader
    conduct: ConductChecker
    genuineness: Genuineness
    press: LetterPress
    agency: Mapping[str, str]
    letter_days: int
