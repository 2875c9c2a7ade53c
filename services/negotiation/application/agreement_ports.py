"""What agreements need of the outside: evidence and documents on file, and paper that is sealed and can be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from shared.kernel.genuine.token import Token

DocumentKind = Literal["agreement"]
PaperKind = Literal["agreement", "certificate"]
CONTENT_BYTES_MAX = 1_000_000


class PaperNotMade(RuntimeError):
    """The press could not make a paper, or not in time. Says nothing of what was to be on it."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How somebody agreed, as the caller knows it. Nothing here leads to a person or an address.

    `shown_text_hash`: of the text they saw, if the caller showed it. `session_hash`, `network_hash`: keyed hashes.
    `second_factor`: the kind that was passed. `how`: on the page, over the API, or by a proposal of their own.
    """

    how: Literal["tick_box", "api", "own_proposal"] = "api"
    language: str | None = None
    shown_text_hash: str | None = None
    second_factor: str | None = None
    session_hash: str | None = None
    network_hash: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptanceRecord:
    """The evidence of one agreement, as it is kept: what was shown, how and when it was accepted."""

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    offer_id: UUID | None
    terms_hash: str
    text_hash: str
    texts_version: str
    language: str
    owed: int
    acceptance: Acceptance
    accepted_at: datetime
    cooling_off_until: datetime
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class Document:
    """A sealed file. `content_hash` and `rendering_hash` are SHA-256 of it after and before sealing."""

    document_id: UUID
    case_id: UUID
    creditor_id: UUID
    kind: DocumentKind
    subject_id: UUID
    language: str
    content_hash: str
    rendering_hash: str
    code: str
    token: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was given out, for whoever asks: no case, nobody's name. `withdrawn_at`: it holds no more."""

    code: str
    kind: PaperKind
    subject_id: UUID
    content_hash: str
    issued_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A plan that the borrower withdrew from. `paid`: what had come in under it, minor units."""

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    withdrawn_at: datetime
    is_refund_asked: bool
    paid: int
    currency: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences; `rows` is a table under it, its first row the head."""

    heading: str
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on a paper. The same sheet gives the same rendering. `dated_at` is the paper's own date."""

    language: str
    is_us: bool
    title: str
    sender: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str
    dated_at: datetime
    check_note: str = ""
    code: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A PDF/A file with a PAdES seal over all of it."""

    content: bytes
    content_hash: str
    rendering_hash: str


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """What an installation's papers are made by. Keys as in the settings; `agency` by language."""

    agency: Mapping[str, str]
    agency_code: str
    contact: str
    check_page: str
    document_key: str = field(repr=False)
    retired_keys: tuple[str, ...]
    seal_key: str = field(repr=False)
    seal_certificate: str | None
    retired_certificates: str | None
    time_stamp_url: str | None


class Papers(Protocol):
    """The agency's paper: who it is from, the press, the seal, and the codes that prove it."""

    @property
    def agency(self) -> Mapping[str, str]:
        """The agency's name by language."""
        ...

    @property
    def contact(self) -> str: ...
    @property
    def check_page(self) -> str: ...
    async def make(self, sheet: Sheet) -> Sealed:
        """Some 60 ms, in a thread. Raises PaperNotMade, also after five seconds."""
        ...

    def stamp(self, kind: PaperKind, subject_id: UUID, day: date, digest: bytes) -> Token: ...
    def verify(self, key_id: bytes, signed: bytes, signature: bytes) -> bool: ...
    def published_keys(self) -> Mapping[str, object]: ...
    def seal_certificate(self) -> bytes:
        """PEM of the certificates that seals are checked with, those of before included."""
        ...


class Agreements(Protocol):
    """Evidence, documents and codes. Nothing here is ever changed but that a code can be withdrawn."""

    async def record(self, record: AcceptanceRecord) -> None: ...
    async def acceptance(self, plan_id: UUID) -> AcceptanceRecord | None: ...
    async def acceptances(self, case_id: UUID) -> list[AcceptanceRecord]: ...
    async def keep(self, document: Document, content: bytes) -> None: ...
    async def documents(self, case_id: UUID) -> list[Document]:
        """The newest first, at most 100."""
        ...

    async def content(self, case_id: UUID, document_id: UUID) -> tuple[Document, bytes]:
        """Raises NoSuchThing."""
        ...

    async def issued(self, code: str) -> IssuedCode | None: ...
    async def withdraw_codes(self, subject_ids: Sequence[UUID]) -> None: ...
    async def add_withdrawal(self, withdrawal: Withdrawal) -> None: ...
    async def withdrawal(self, plan_id: UUID) -> Withdrawal | None: ...
    async def withdrawals_with_refund(self, limit: int) -> list[Withdrawal]:
        """Those of which money is asked back, the oldest first."""
        ...
