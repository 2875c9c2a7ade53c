"""What the use cases need of the outside. No port sends anything inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from services.outreach.application.case_ports import CaseFiles, ContactPlans, Grievances, Holds, Persons, Replies
from services.outreach.application.channel_ports import Inbox, WaysBack
from services.outreach.application.contact_ports import (
    Attempts,
    Channels,
    Decisions,
    Sealer,
    Vault,
    Wording,
)
from services.outreach.application.content_ports import Content, Letters, RefusedTexts, SentTexts, Templates
from services.outreach.application.desk_ports import Alarms, Desks, Evidence, Matters, Preferences
from services.outreach.application.escalation_ports import Escalations, InstalmentReminders, LegalHandovers, Visits
from services.outreach.application.group_ports import PersonGroups
from services.outreach.application.harm_ports import Choices, HarmAccess, HarmBudgets
from services.outreach.application.proof_ports import Archive, Chains
from services.outreach.application.records import (
    Cause,
)
from services.outreach.application.relief_ports import Reliefs
from services.outreach.application.reply_ports import DueAnswers, InboundMails, MailReader, Promises, Reviews
from services.outreach.application.validation_ports import ValidationNotices
from services.outreach.application.workbench_ports import (
    HandCalls,
    PersonViews,
    StaffRegister,
    WorkbenchAccess,
    WorkQueue,
)
from services.outreach.domain.escalation.rules import ProofRules
from services.outreach.domain.gate.packs import Packs
from services.outreach.domain.ladder import Ladders
from services.outreach.domain.replies.model import ReplyModel
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.kernel.clock import Clock


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
    def reliefs(self) -> Reliefs: ...

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
    open_archive: Callable[[Path], AbstractContextManager[Archive]]
    staff_token: str
    webhook_secret: bytes
    limits: Limits
