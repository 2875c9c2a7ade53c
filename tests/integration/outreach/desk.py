"""The outreach desk of a test: a real database, a vault and carriers that stand in for the world outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from services.outreach.adapters.resources import open_resources
from services.outreach.adapters.work import begin_work
from services.outreach.application.attempt_contacts import attempt_contacts
from services.outreach.application.channel_ports import Asked, HandingOver
from services.outreach.application.contact_ports import NOT_ACCEPTED, Addressee, Match, Message, VaultAway
from services.outreach.application.group_persons import group_persons
from services.outreach.application.ports import Limits, Resources
from services.outreach.application.recover_contacts import recover_contacts
from services.outreach.application.take_replies import IncomingReply, ReplyAnswer, take_replies
from services.outreach.domain.person_groups import Token
from services.outreach.entrypoints import events
from services.outreach.outside import outside_of
from services.outreach.settings import OutreachSettings
from shared.db.database import open_database
from shared.events.body import EventBody
from shared.kernel.identifiers import new_id
from shared.messaging.batch import BatchHandler
from shared.service.service import Platform
from tests.support.databases import ServiceDatabases
from tests.support.events import case_assessed, case_received, event, record


@dataclass
class PretendVault:
    """Knows everybody, unless it is away or the entry is gone."""

    is_away: bool = False
    gone: set[UUID] = field(default_factory=set)
    matches: list[Match] = field(default_factory=list)
    on_reveal: Callable[[], Awaitable[None]] | None = None
    humans: dict[UUID, bytes] = field(default_factory=dict)
    """Persons of several lenders who are one; everybody else is somebody of their own."""

    async def reveal(self, wanted: Mapping[UUID, tuple[UUID, UUID]]) -> dict[UUID, Addressee]:
        if self.is_away:
            raise VaultAway("ConnectError")
        if self.on_reveal is not None:
            await self.on_reveal()
        return {
            point: Addressee(point, f"{point}@example.com", "Avery Ashdown", "en", "Harbour Credit")
            for point in wanted
            if point not in self.gone
        }

    async def find(self, kind: str, value: str) -> list[Match]:
        if self.is_away:
            raise VaultAway("ConnectError")
        return self.matches

    async def account_endings(self, case_ids: Sequence[UUID]) -> dict[UUID, str]:
        if self.is_away:
            raise VaultAway("ConnectError")
        return dict.fromkeys(case_ids, "4471")

    async def tokens(self, person_ids: Sequence[UUID]) -> dict[UUID, frozenset[Token]]:
        if self.is_away:
            raise VaultAway("ConnectError")
        return {
            person_id: frozenset({(1, self.humans.get(person_id, person_id.bytes))})
            for person_id in person_ids
            if person_id not in self.gone
        }


@dataclass
class PretendCarriers:
    """A provider that tells a repetition by the attempt's id and can be asked later."""

    outcome: str = "delivered"
    asked_for: list[UUID] = field(default_factory=list)
    deliveries: Counter[UUID] = field(default_factory=Counter)
    texts: dict[UUID, Message] = field(default_factory=dict)
    accepted: dict[UUID, str] = field(default_factory=dict)
    can_look_up: bool = True
    answer: str | None = None
    """What `send` says instead of the truth, although the message is taken."""
    is_down: bool = False

    async def send(self, messages: Sequence[Message], handing_over: HandingOver) -> dict[UUID, str]:
        answers = {}
        ours = await handing_over({message.attempt_id: "pretended" for message in messages})
        for message in messages:
            if message.attempt_id not in ours:
                answers[message.attempt_id] = NOT_ACCEPTED
                continue
            self.asked_for.append(message.attempt_id)
            if self.is_down:
                answers[message.attempt_id] = NOT_ACCEPTED
                continue
            if message.attempt_id not in self.accepted:
                self.accepted[message.attempt_id] = self.outcome
                self.deliveries[message.attempt_id] += 1
                self.texts[message.attempt_id] = message
            answers[message.attempt_id] = self.answer or self.accepted[message.attempt_id]
        return answers

    def finds_by_address(self, provider: str | None) -> bool:
        return False

    async def look_up(self, asked: Sequence[Asked]) -> dict[UUID, str]:
        if not self.can_look_up:
            return {entry.attempt_id: "unknown" for entry in asked}
        return {entry.attempt_id: self.accepted.get(entry.attempt_id, NOT_ACCEPTED) for entry in asked}


class Desk:
    """Deliver events, sweep, take replies, and look at what is in the database and the outbox."""

    def __init__(self, databases: ServiceDatabases, resources: Resources) -> None:
        self.databases = databases
        self.vault = PretendVault()
        self.carriers = PretendCarriers()
        self.resources = replace(resources, vault=self.vault, channels=self.carriers)
        self._handler = BatchHandler(
            databases.worker, "outreach", events.subscriptions(self.resources), events.on_quarantine(self.resources)
        )
        self._offsets: Counter[str] = Counter()
        self._sequences: Counter[tuple[str, UUID]] = Counter()

    @property
    def now(self) -> datetime:
        return self.databases.clock.now()

    async def deliver(self, *bodies: EventBody) -> None:
        """One batch of what has just happened."""
        await self.deliver_at(self.now, *bodies)

    async def deliver_at(self, at: datetime, *bodies: EventBody) -> None:
        """One batch of what happened then."""
        records = []
        for body in bodies:
            self._sequences[body.event_type, body.key] += 1
            announced = event(body, self._sequences[body.event_type, body.key], at=at)
            records.append(record(announced, offset=self._offsets[body.event_type]))
            self._offsets[body.event_type] += 1
        await self._handler.handle(records)
        await self.group()

    async def group(self) -> int:
        return await group_persons(self.resources)

    async def open_case(self, strategy: str = "standard", **changes: Any) -> UUID:
        """A case that has been received and assessed; its first contact is due."""
        body = case_received().model_copy(update=changes)
        await self.deliver(body, case_assessed(body.case_id, strategy=strategy))
        return body.case_id

    @asynccontextmanager
    async def with_connections(self, count: int) -> AsyncIterator[None]:
        """As many transactions at once as that, as if several processes swept."""
        database = open_database(
            self.databases.url, "outreach", self.databases.clock, role="concord_worker", pool_size=count
        )
        narrow, self.resources = self.resources, replace(self.resources, begin=partial(begin_work, database))
        try:
            yield
        finally:
            self.resources = narrow
            await database.close()

    @asynccontextmanager
    async def as_api(self) -> AsyncIterator[None]:
        """What the API's process would be given: the database in the role that serves requests."""
        worker, self.resources = self.resources, replace(self.resources, begin=partial(begin_work, self.databases.api))
        try:
            yield
        finally:
            self.resources = worker

    async def quarantine(self, key: str) -> None:
        """A record of this case or person could not be handled."""
        async with self.databases.worker.transaction() as transaction:
            await events.on_quarantine(self.resources)(transaction, key, "a test")
            await transaction.commit()

    async def sweep(self) -> int:
        return await attempt_contacts(self.resources)

    async def recover(self) -> int:
        return await recover_contacts(self.resources)

    async def reply(
        self, text: str, *, to: UUID | None = None, case_id: UUID | None = None, **more: Any
    ) -> ReplyAnswer:
        incoming = IncomingReply(
            reply_reference=more.get("reference", f"reply-{new_id()}"),
            channel=more.get("channel", "sms"),
            in_reply_to=to,
            case_id=case_id,
            sender_kind=more.get("sender_kind"),
            sender_value=more.get("sender_value"),
            text=text,
            received_at=self.now,
        )
        return (await take_replies(self.resources, [incoming]))[0]

    async def rows(self, statement: str, *arguments: Any) -> list[dict[str, Any]]:
        async with self.databases.worker.transaction() as transaction:
            driver = await transaction.driver()
            return [dict(row) for row in await driver.fetch(statement, *arguments)]

    async def run(self, statement: str, *arguments: Any) -> None:
        async with self.databases.worker.transaction() as transaction:
            driver = await transaction.driver()
            await driver.execute(statement, *arguments)
            await transaction.commit()

    async def attempts(self) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM attempts ORDER BY attempt_id")

    async def plan(self, case_id: UUID) -> dict[str, Any] | None:
        rows = await self.rows("SELECT * FROM contact_plans WHERE case_id = $1", case_id)
        return rows[0] if rows else None

    async def said(self, *types: str) -> list[dict[str, Any]]:
        """What was announced, of these types, in order."""
        rows = await self.rows("SELECT topic, value FROM outbox WHERE topic = ANY($1::text[]) ORDER BY id", list(types))
        return [orjson.loads(row["value"]) for row in rows]


@asynccontextmanager
async def open_desk(databases: ServiceDatabases, **limits: Any) -> AsyncIterator[Desk]:
    platform = Platform("timers", databases.clock, databases.worker)
    async with open_resources(outside_of(OutreachSettings()), platform) as resources:
        yield Desk(databases, replace(resources, limits=Limits(**limits)))
