"""A transaction with outreach's repositories around it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

from services.outreach.adapters.attempts import AttemptRepository
from services.outreach.adapters.case_evidence import EvidenceRepository
from services.outreach.adapters.case_files import NO_LICENCES, CaseFileRepository
from services.outreach.adapters.chains import ChainRepository
from services.outreach.adapters.choices import ChoiceRepository
from services.outreach.adapters.conduct_alarms import AlarmRepository
from services.outreach.adapters.contact_plans import ContactPlanRepository
from services.outreach.adapters.decisions import DecisionRepository
from services.outreach.adapters.desk_matters import MatterRepository
from services.outreach.adapters.escalation import EscalationRepository
from services.outreach.adapters.hand_calls import HandCallRepository
from services.outreach.adapters.harm_budgets import HarmBudgetRepository
from services.outreach.adapters.holds import HoldRepository
from services.outreach.adapters.inbox import InboxRepository
from services.outreach.adapters.legal_handovers import InstalmentReminderRepository, LegalHandoverRepository
from services.outreach.adapters.person_groups import PersonGroupRepository
from services.outreach.adapters.person_views import PersonViewRepository
from services.outreach.adapters.persons import PersonRepository
from services.outreach.adapters.preferences import PreferenceRepository
from services.outreach.adapters.promises import AnswerRepository, InboundMailRepository, PromiseRepository
from services.outreach.adapters.reliefs import ReliefRepository
from services.outreach.adapters.replies import GrievanceRepository, ReplyRepository
from services.outreach.adapters.reply_reviews import ReviewRepository
from services.outreach.adapters.sent_texts import LetterRepository, RefusedTextRepository, SentTextRepository
from services.outreach.adapters.staff_register import StaffRepository
from services.outreach.adapters.template_store import TemplateRepository
from services.outreach.adapters.validation_notices import ValidationNoticeRepository
from services.outreach.adapters.visits import VisitRepository
from services.outreach.adapters.work_queue import WorkQueueRepository
from services.outreach.application.records import Cause
from shared.db.database import Database
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event


class DatabaseWork:
    """Reads and writes in one transaction."""

    def __init__(self, transaction: Transaction, licences: Mapping[str, date] = NO_LICENCES) -> None:
        self._transaction = transaction
        self.files = CaseFileRepository(transaction, licences)
        self.persons = PersonRepository(transaction)
        self.groups = PersonGroupRepository(transaction)
        self.plans = ContactPlanRepository(transaction)
        self.attempts = AttemptRepository(transaction)
        self.decisions = DecisionRepository(transaction)
        self.chains = ChainRepository(transaction)
        self.holds = HoldRepository(transaction)
        self.replies = ReplyRepository(transaction)
        self.complaints = GrievanceRepository.of_complaints(transaction)
        self.disputes = GrievanceRepository.of_disputes(transaction)
        self.reviews = ReviewRepository(transaction)
        self.promises = PromiseRepository(transaction)
        self.answers = AnswerRepository(transaction)
        self.inbound_mails = InboundMailRepository(transaction)
        self.escalations = EscalationRepository(transaction)
        self.visits = VisitRepository(transaction)
        self.handovers = LegalHandoverRepository(transaction)
        self.instalment_reminders = InstalmentReminderRepository(transaction)

        self.reliefs = ReliefRepository(transaction)
        self.validations = ValidationNoticeRepository(transaction)
        self.staff = StaffRepository(transaction)
        self.queue = WorkQueueRepository(transaction)
        self.calls = HandCallRepository(transaction)
        self.views = PersonViewRepository(transaction)
        self.templates = TemplateRepository(transaction)
        self.sent_texts = SentTextRepository(transaction)
        self.refused_texts = RefusedTextRepository(transaction)
        self.letters = LetterRepository(transaction)
        self.matters = MatterRepository(transaction)
        self.evidence = EvidenceRepository(transaction)
        self.alarms = AlarmRepository(transaction)
        self.preferences = PreferenceRepository(transaction)
        self.harm = HarmBudgetRepository(transaction)
        self.choices = ChoiceRepository(transaction)
        self.inbox = InboxRepository(transaction)

    @property
    def now(self) -> datetime:
        return self._transaction.now

    def announce(self, body: EventBody, *, caused_by: Event[Any] | Cause | None = None) -> None:
        self._transaction.outbox.add(body, caused_by=caused_by)

    async def commit(self) -> None:
        await self._transaction.commit()


@asynccontextmanager
async def begin_work(database: Database, licences: Mapping[str, date] = NO_LICENCES) -> AsyncIterator[DatabaseWork]:
    """For the API and the timers, whose use cases commit themselves."""
    async with database.transaction() as transaction:
        yield DatabaseWork(transaction, licences)
