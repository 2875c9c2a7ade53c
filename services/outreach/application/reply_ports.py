"""What the use cases about replies need of the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from services.outreach.application.reply_records import DueAnswer, InboundMail, Label, Promise, Review, SealedReply


class Reviews(Protocol):
    """Replies that wait for a person's reading."""

    async def open(self, review: Review) -> None:
        """One for a reply; the same again changes nothing."""
        ...

    async def get(self, review_id: UUID) -> Review | None:
        """Locks the row."""
        ...

    async def resolve(self, review_id: UUID, intent: str, by: str, at: datetime) -> None: ...

    async def find(self, *, is_open: bool, limit: int) -> Sequence[Review]:
        """Open ones: the most urgent first, then the oldest. Resolved ones: the newest first."""
        ...

    async def open_on(self, case_id: UUID) -> Sequence[Review]: ...

    async def reply(self, reply_id: UUID) -> SealedReply | None: ...

    async def label(self, label: Label) -> None: ...

    async def labels(self, after: UUID | None, limit: int) -> Sequence[Label]: ...


class Promises(Protocol):
    """What people said they would pay, and when."""

    async def propose(self, promise: Promise) -> None: ...

    async def proposed(self, case_id: UUID) -> Promise | None: ...

    async def settle(self, promise_ids: Sequence[UUID], state: str, by: str, at: datetime) -> None: ...

    async def said_back(self, reply_id: UUID, counts_at: datetime) -> None:
        """The confirmation is out: without a contradiction the promise counts from then on."""
        ...

    async def uncontradicted(self, limit: int) -> Sequence[Promise]:
        """Promises whose time to contradict is over."""
        ...


class DueAnswers(Protocol):
    """Answers to people's own messages."""

    async def add(self, answer: DueAnswer) -> None: ...

    async def claim_due(self, limit: int) -> list[DueAnswer]:
        """Due answers whose persons nobody else holds; locks those persons."""
        ...

    async def save(self, answers: Sequence[DueAnswer]) -> None: ...

    async def drop(self, case_id: UUID, purpose: str) -> None:
        """What has not been sent is not wanted any more."""
        ...

    async def left(self, attempt_ids: Sequence[UUID]) -> set[UUID]:
        """Those that have been handed to a provider and did not fail."""
        ...

    async def taken_back(self, attempt_ids: Sequence[UUID]) -> set[UUID]:
        """Those that some news took back before they left."""
        ...


class InboundMails(Protocol):
    async def find(self, mail_key: str) -> InboundMail | None: ...

    async def add(self, mail: InboundMail) -> bool:
        """False where this mail is known already."""
        ...


@dataclass(frozen=True, slots=True)
class MailReading:
    """A mail, taken apart. `attempt_id`: what it answers or reports about, as far as it says so."""

    mail_key: str
    kind: Literal["reply", "automatic", "bounce", "feedback", "unreadable"]
    attempt_id: UUID | None
    sender: str | None
    text: str
    is_permanent: bool
    attachments: int


class MailReader(Protocol):
    """Takes raw mail apart. Never raises for what strangers send."""

    def read(self, raw: bytes) -> MailReading: ...
