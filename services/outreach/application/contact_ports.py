"""What a contact needs: attempts, decisions, the vault, the channels, the words. Nothing is sent in a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.channel_ports import Asked, HandingOver
from services.outreach.application.content_ports import Templates
from services.outreach.application.content_records import SentText, Worded
from services.outreach.application.records import (
    AddressedAttempt,
    AnnouncedDenial,
    ContactLine,
    DecisionRow,
    ExpiredLease,
    KeptDecision,
    Lease,
    Reservation,
    SentAttempt,
    Settlement,
)
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.chain import ChainLink
from services.outreach.domain.person_groups import Token
from services.outreach.domain.templates.version import TemplateVersion


class Attempts(Protocol):
    """Reserve, hand over, settle: each step fenced by a token."""

    async def reserve(self, reservations: Sequence[Reservation], lease_s: float) -> list[Lease]: ...

    async def hand_over(self, leases: Sequence[Lease], lease_s: float) -> set[UUID]:
        """Those that are still ours to send; the others were withdrawn or taken over."""
        ...

    async def release(self, leases: Sequence[Lease], retry_at: datetime) -> int:
        """Proven not sent: to be decided about again, under the same attempt id."""
        ...

    async def withdraw(self, case_ids: Collection[UUID], at: datetime) -> None:
        """Take back what is reserved and not handed over; it is decided about again at once."""
        ...

    async def lock_sent(self, leases: Sequence[Lease]) -> list[SentAttempt]: ...

    async def settle(self, settlements: Sequence[Settlement]) -> None: ...

    async def take_over_expired(self, limit: int, lease_s: float) -> list[ExpiredLease]: ...

    async def expire_soon(self, leases: Sequence[Lease], lease_s: float) -> None: ...

    async def note_providers(self, leases: Sequence[Lease], providers: Mapping[UUID, str]) -> set[UUID]:
        """Keep whom each attempt is given to; answers with those that are still ours."""
        ...

    async def record_receipts(self, receipts: Sequence[tuple[UUID, str]], provider: str | None = None) -> set[UUID]:
        """(attempt, status): keep the highest; answers with the attempts that are known.

        With a provider only those that it was given.
        """
        ...

    async def addressed(self, attempt_ids: Collection[UUID]) -> dict[UUID, AddressedAttempt]: ...

    async def latest_to(self, contact_point_ids: Collection[UUID]) -> AddressedAttempt | None: ...

    async def history(self, case_id: UUID, limit: int) -> list[ContactLine]: ...


class Decisions(Protocol):
    """Append-only."""

    async def add(self, decisions: Sequence[KeptDecision]) -> dict[UUID, ChainLink]:
        """Keep them in this order, each chained to its case's last one, with the packs that were loaded.

        The persons of the cases are locked, as they must be for deciding. Answers with the place of each decision.
        """
        ...

    async def announce_once(self, denials: Sequence[AnnouncedDenial]) -> set[AnnouncedDenial]:
        """Those that have not been announced before."""
        ...

    async def export(self, after: UUID | None, since: datetime | None, limit: int) -> list[DecisionRow]: ...


@dataclass(frozen=True, slots=True)
class Addressee:
    """What the vault says at the moment of sending. Never stored, never logged."""

    contact_point_id: UUID
    value: str
    name: str
    language: str
    creditor_name: str


@dataclass(frozen=True, slots=True)
class Match:
    """A contact point with the cases behind it."""

    contact_point_id: UUID
    person_id: UUID
    case_ids: tuple[UUID, ...]


class VaultAway(Exception):
    """The vault gave no answer. No contact is the safe failure."""


class Vault(Protocol):
    """intake's vault of names and addresses."""

    async def reveal(self, wanted: Mapping[UUID, tuple[UUID, UUID]]) -> dict[UUID, Addressee]:
        """Contact point -> (case, creditor) in; those that the vault no longer has are absent. Raises `VaultAway`."""
        ...

    async def find(self, kind: str, value: str) -> list[Match]:
        """Raises `VaultAway`."""
        ...

    async def account_endings(self, case_ids: Sequence[UUID]) -> dict[UUID, str]:
        """The shortened number of each case's account, for a notice; erased ones are absent. Raises `VaultAway`."""
        ...

    async def tokens(self, person_ids: Sequence[UUID]) -> dict[UUID, frozenset[Token]]:
        """What says which persons of different lenders are one; erased ones are absent. Raises `VaultAway`."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `attempt_id` is the key by which the provider tells a repetition."""

    attempt_id: UUID
    channel: str
    to: str
    language: str
    subject: str
    text: str
    sent_at: datetime
    check_link: str | None = None
    """Where anybody can check that the message is ours; written into the picture code of mail."""
    document: bytes | None = None
    """The PDF of a letter."""
    market: str = ""
    """The case's jurisdiction: providers differ by it."""
    case_id: UUID | None = None
    person_id: UUID | None = None
    """Whose inbox it belongs into; no other carrier needs to know."""


NOT_ACCEPTED = "not_accepted"
"""Proven: nothing was handed to the provider."""

UNCLEAR = "unclear"
"""The provider may or may not have it."""


class Channels(Protocol):
    """All channels behind one port."""

    async def send(self, messages: Sequence[Message], handing_over: HandingOver) -> dict[UUID, str]:
        """For every message an outcome, `not_accepted` or `unclear`. Never raises; bounded in time."""
        ...

    def finds_by_address(self, provider: str | None) -> bool:
        """Whether this provider, asked about an attempt, needs the address it went to."""
        ...

    async def look_up(self, asked: Sequence[Asked]) -> dict[UUID, str]:
        """What became of them: `unknown` where their provider can never tell; absent without an answer now."""
        ...


class Wording(Protocol):
    """The texts."""

    async def refresh(self, templates: Templates) -> None:
        """Take over what has been approved or retired since. Cheap where nothing has."""
        ...

    def template(self, rung: str, channel: str) -> str | None:
        """The approved version for a step by a channel, as `code.vN`; None where nothing is approved."""
        ...

    def word(self, reservation: Reservation, file: CaseFile, addressee: Addressee, now: datetime) -> Worded:
        """The text in the addressee's language, with its code. Raises for a version that is approved no more."""
        ...

    def word_again(self, version: TemplateVersion, sent: SentText, addressee: Addressee) -> Worded:
        """What was sent, made once more from what was kept."""
        ...


class Sealer(Protocol):
    """Encrypts what people wrote, under a key of the person's own."""

    def seal(self, person_id: UUID, text: str) -> bytes: ...

    def seal_bytes(self, person_id: UUID, raw: bytes) -> bytes: ...

    def open_bytes(self, person_id: UUID, sealed: bytes) -> bytes: ...

    def open(self, person_id: UUID, sealed: bytes) -> str:
        """For the staff who have to read it; never logged, never announced."""
        ...
