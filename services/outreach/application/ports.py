"""What the use cases need of the outside. No port sends anything inside a transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.outreach.application.channel_ports import Asked, HandingOver, Inbox, WaysBack
from services.outreach.application.content_ports import Content, Letters, RefusedTexts, SentTexts, Templates
from services.outreach.application.content_records import SentText, Worded
from services.outreach.application.desk_ports import Alarms, Desks, Evidence, Matters, Preferences
from services.outreach.application.escalation_ports import Escalations, InstalmentReminders, LegalHandovers, Visits
from services.outreach.application.group_ports import PersonGroups
from services.outreach.application.harm_ports import Choices, HarmAccess, HarmBudgets
from services.outreach.application.proof_ports import Chains
from services.outreach.application.records import (
    AddressedAttempt,
    AnnouncedDenial,
    CaseKey,
    Cause,
    ContactLine,
    DecisionRow,
    ExpiredLease,
    Grievance,
    KeptDecision,
    KeptReply,
    Lease,
    NewCase,
    NewHold,
    NewReply,
    PlannedContact,
    Reservation,
    SentAttempt,
    Settlement,
    StandingHold,
)
from services.outreach.application.reply_ports import DueAnswers, InboundMails, MailReader, Promises, Reviews
from services.outreach.application.validation_ports import ValidationNotices
from services.outreach.application.workbench_ports import (
    HandCalls,
    PersonViews,
    StaffRegister,
    WorkbenchAccess,
    WorkQueue,
)
from services.outreach.domain.case_file import Balance, CaseFile, ContactPoint
from services.outreach.domain.escalation.rules import ProofRules
from services.outreach.domain.gate.chain import ChainLink
from services.outreach.domain.gate.facts import InconvenientTime
from services.outreach.domain.gate.packs import Packs
from services.outreach.domain.ladder import Ladders
from services.outreach.domain.person_groups import Token
from services.outreach.domain.replies.model import ReplyModel
from services.outreach.domain.templates.version import TemplateVersion
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.kernel.clock import Clock


class CaseFiles(Protocol):
    """Cases. Their persons are locked before anything is changed."""

    async def open(self, cases: Sequence[NewCase]) -> None:
        """Make the files; the persons are there already."""
        ...

    async def lock(self, case_ids: Collection[UUID]) -> dict[UUID, CaseKey]:
        """Lock the persons of these cases, in one order, until the transaction ends; unknown cases are absent."""
        ...

    async def load(self, case_ids: Collection[UUID], *, without: Collection[UUID] = ()) -> dict[UUID, CaseFile]:
        """`without`: attempts that are about to be decided upon, and are no contacts yet."""
        ...

    async def open_among(self, case_ids: Collection[UUID]) -> set[UUID]:
        """Those that are neither recalled nor closed."""
        ...

    async def set_balances(self, balances: Sequence[tuple[UUID, Balance, datetime, UUID]]) -> None:
        """(case, balance, occurred_at, event_id): an older fact never overwrites a newer one."""
        ...

    async def set_treatment(self, treatments: Sequence[tuple[UUID, str, bool]]) -> None:
        """(case, strategy, is_vulnerable)."""
        ...

    async def set_status(self, case_ids: Collection[UUID], status: str) -> None:
        """Only an open case changes its status."""
        ...

    async def set_offer(self, offers: Mapping[UUID, datetime]) -> None: ...

    async def follow_plans(self, states: Sequence[tuple[UUID, UUID, int]]) -> None:
        """(plan, case, 0 kept | 1 over): the state only rises."""
        ...


class Persons(Protocol):
    """The people behind the cases: how they can be reached, what they refused, what they asked for."""

    async def add(self, points: Mapping[UUID, Sequence[ContactPoint]], as_of: Mapping[UUID, datetime]) -> None:
        """Persons with what is known of them at that moment; points known from a later moment stay as they are."""
        ...

    async def cases_of(self, person_ids: Collection[UUID]) -> dict[UUID, list[UUID]]: ...

    async def replace_points(
        self, points: Mapping[UUID, Sequence[ContactPoint]], as_of: Mapping[UUID, datetime]
    ) -> None:
        """The whole current contact points of persons; one found wrong stays wrong. Unknown persons are made."""
        ...

    async def add_opt_out(self, person_id: UUID, channel: str, contact_point_id: UUID | None, at: datetime) -> None: ...

    async def mark_wrong(self, contact_point_id: UUID) -> None: ...

    async def mark_represented(self, person_id: UUID) -> None: ...

    async def set_inconvenient_times(self, person_id: UUID, times: Sequence[InconvenientTime]) -> None: ...

    async def erase(self, person_ids: Collection[UUID]) -> None:
        """Forget contact points, refusals' targets and what was written."""
        ...


class ContactPlans(Protocol):
    """What comes next for each case."""

    async def claim_due(self, limit: int) -> list[PlannedContact]:
        """Due plans whose persons nobody else holds; locks those persons. Empty where nothing is due."""
        ...

    async def load(self, case_ids: Collection[UUID]) -> dict[UUID, PlannedContact]:
        """Locks the rows: an attempt may be settled meanwhile, by somebody who holds no person."""
        ...

    async def save(self, plans: Sequence[PlannedContact]) -> None: ...

    async def save_after(self, plans: Sequence[PlannedContact], attempts: Sequence[UUID]) -> None:
        """Save what follows an attempt, but only where that attempt is still the one in hand."""
        ...

    async def wake(self, case_ids: Collection[UUID], at: datetime) -> None:
        """Ask again for cases that wait for something to change."""
        ...

    async def postpone(self, case_ids: Mapping[UUID, datetime]) -> None:
        """Not before that moment; what waits or is later already stays as it is."""
        ...

    async def end(self, case_ids: Collection[UUID]) -> None:
        """No contact is planned any more."""
        ...


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


class Holds(Protocol):
    async def apply(self, holds: Sequence[NewHold], at: datetime) -> list[StandingHold]:
        """The holds that are new. One of the kind that stands already is prolonged and is not new."""
        ...

    async def release(self, hold_ids: Collection[UUID], reason: str, at: datetime) -> list[StandingHold]: ...

    async def standing(self, case_id: UUID, kind: str) -> StandingHold | None: ...

    async def get(self, hold_id: UUID) -> StandingHold | None: ...

    async def expired(self, limit: int) -> list[StandingHold]:
        """Holds whose time is over; locks their persons, skips those that somebody else holds."""
        ...


class Replies(Protocol):
    async def add(self, reply: NewReply) -> KeptReply | None:
        """None where it is new; else the reply that already has this reference."""
        ...

    async def find(self, reply_references: Collection[str]) -> dict[str, KeptReply]: ...


class Grievances(Protocol):
    """Complaints or disputes."""

    async def open(self, grievance: Grievance, reply_id: UUID | None) -> None: ...

    async def get(self, grievance_id: UUID) -> Grievance | None: ...

    async def close(self, grievance_id: UUID, outcome: str, at: datetime) -> Grievance | None:
        """The grievance as it is now; None where there was nothing open to close."""
        ...

    async def find(self, *, is_open: bool, limit: int) -> Sequence[Grievance]: ...

    async def open_count(self, case_id: UUID) -> int: ...


class Work(Protocol):
    """One transaction with everything that is kept. Rolled back unless committed."""

    @property
    def now(self) -> datetime: ...

    @property
    def files(self) -> CaseFiles: ...

    @property
    def persons(self) -> Persons: ...

    @property
    def groups(self) -> PersonGroups: ...

    @property
    def plans(self) -> ContactPlans: ...

    @property
    def attempts(self) -> Attempts: ...

    @property
    def decisions(self) -> Decisions: ...

    @property
    def chains(self) -> Chains: ...

    @property
    def holds(self) -> Holds: ...

    @property
    def replies(self) -> Replies: ...

    @property
    def complaints(self) -> Grievances: ...

    @property
    def disputes(self) -> Grievances: ...

    @property
    def reviews(self) -> Reviews: ...

    @property
    def promises(self) -> Promises: ...

    @property
    def answers(self) -> DueAnswers: ...

    @property
    def inbound_mails(self) -> InboundMails: ...

    @property
    def escalations(self) -> Escalations: ...

    @property
    def visits(self) -> Visits: ...

    @property
    def handovers(self) -> LegalHandovers: ...

    @property
    def instalment_reminders(self) -> InstalmentReminders: ...

    @property
    def validations(self) -> ValidationNotices: ...

    @property
    def staff(self) -> StaffRegister: ...

    @property
    def queue(self) -> WorkQueue: ...

    @property
    def calls(self) -> HandCalls: ...

    @property
    def views(self) -> PersonViews: ...

    @property
    def templates(self) -> Templates: ...

    @property
    def sent_texts(self) -> SentTexts: ...

    @property
    def refused_texts(self) -> RefusedTexts: ...

    @property
    def letters(self) -> Letters: ...

    @property
    def matters(self) -> Matters: ...

    @property
    def evidence(self) -> Evidence: ...

    @property
    def alarms(self) -> Alarms: ...

    @property
    def preferences(self) -> Preferences: ...

    @property
    def harm(self) -> HarmBudgets: ...

    @property
    def choices(self) -> Choices: ...

    @property
    def inbox(self) -> Inbox: ...

    def announce(self, body: EventBody, *, caused_by: Event[Any] | Cause | None = None) -> None: ...

    async def commit(self) -> None: ...


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


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at once, and how long something may take."""

    sweep_cases: int = 200
    lease_s: float = 30.0
    recover_attempts: int = 200


@dataclass(frozen=True)
class Resources:
    """What the entry points are given. `work` wraps a transaction that somebody else commits."""

    clock: Clock
    begin: Callable[[], AbstractAsyncContextManager[Work]]
    work: Callable[[Transaction], Work]
    vault: Vault
    channels: Channels
    wording: Wording
    sealer: Sealer
    reply_model: ReplyModel
    mail_reader: MailReader
    packs: Packs
    ladders: Ladders
    proof_rules: ProofRules
    workbench: WorkbenchAccess
    content: Content
    desks: Desks
    harm: HarmAccess
    ways_back: WaysBack
    staff_token: str
    webhook_secret: bytes
    limits: Limits
