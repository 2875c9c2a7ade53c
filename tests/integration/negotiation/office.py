"""Negotiation as it runs, without the broker: events go in as records, what was announced is read from the outbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx

from services.negotiation.application.access_ports import FactorAnswer, VaultAway
from services.negotiation.application.detect_defaults import detect_defaults
from services.negotiation.application.ports import Names, Resources
from services.negotiation.domain.access import FactorKind
from services.negotiation.main import create_service, open_resources
from services.negotiation.settings import NegotiationSettings
from shared.events.body import EventBody
from shared.events.payment_reported import PaymentReported
from shared.events.registry import EVENTS
from shared.kernel.clock import FrozenClock
from shared.messaging.batch import BatchHandler
from shared.messaging.record import Record
from shared.messaging.settling import Tally
from shared.service.app import build_app
from shared.service.links import make_token
from shared.service.roles import batch_handler
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.integration.negotiation.known_record import KnownRecord
from tests.support.databases import ServiceDatabases
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received, event, record

B = TypeVar("B", bound=EventBody)
STAFF = {"Authorization": f"Bearer {SANDBOX_SECRET}"}


BORN_ON = "1985-03-27"


@dataclass
class KnownNames:
    """A vault that knows one name and one birth date, or is away."""

    names: Names | None = field(default_factory=lambda: Names("Ada Invented", "Harbour Credit"))
    kind: FactorKind = "born_on"
    factor: str | None = BORN_ON
    asked: int = 0

    async def reveal(self, case_id: UUID) -> Names | None:
        return self.names

    async def check(self, case_id: UUID, answer: str | None) -> FactorAnswer:
        if self.factor is None:
            raise VaultAway
        self.asked += answer is not None
        return FactorAnswer(self.kind, None if answer is None else answer == self.factor)


@dataclass
class Office:
    """The subscriber, the watch and the API of negotiation on one database."""

    databases: ServiceDatabases
    handler: BatchHandler
    worker: Resources
    api: httpx.AsyncClient
    vault: KnownNames
    machine: FrozenClock
    transport: httpx.ASGITransport
    record_of: KnownRecord
    entered: dict[UUID, dict[str, str]] = field(default_factory=dict)
    links: int = 0
    _sequences: dict[tuple[str, UUID], int] = field(default_factory=lambda: defaultdict(int))
    _offset: int = 0

    @property
    def now(self) -> datetime:
        return self.databases.clock.now()

    def advance(self, **by: float) -> None:
        self.databases.clock.advance(timedelta(**by))

    def record(self, body: EventBody) -> Record:
        place = (body.event_type, body.key)
        self._sequences[place] += 1
        self._offset += 1
        return record(event(body, self._sequences[place], at=self.now), offset=self._offset)

    async def hear(self, *bodies: EventBody) -> Tally:
        return await self.handler.handle([self.record(body) for body in bodies])

    async def take_on(self, case_id: UUID | None = None, **assessed: Any) -> UUID:
        """A case of Harbour Credit, assessed: 1,255.00 USD owed, discount up to 20 %, up to 24 months."""
        received = case_received(case_id)
        await self.hear(received, case_assessed(received.case_id, **assessed))
        return received.case_id

    async def pay(self, case_id: UUID, amount: int, on: date, *, payment_id: UUID | None = None) -> UUID:
        body = payment(case_id, amount, on, payment_id=payment_id)
        await self.hear(body)
        return body.payment_id

    async def sweep(self) -> int:
        return await detect_defaults(self.worker.begin)

    async def said(self, body: type[B], case_id: UUID | None = None) -> list[B]:
        """What has been announced, in order."""
        rows = await self.rows("SELECT topic, value FROM outbox ORDER BY id")
        bodies = [EVENTS[row["topic"]].model_validate_json(row["value"]) for row in rows]
        return [b for b in bodies if isinstance(b, body) and case_id in (None, b.key)]

    async def rows(self, query: str, *arguments: Any) -> list[Any]:
        async with self.databases.worker.transaction() as transaction:
            return await (await transaction.driver()).fetch(query, *arguments)

    def token(self, case_id: UUID, **valid: float) -> str:
        return make_token(SANDBOX_SECRET.encode(), case_id, self.now + timedelta(**(valid or {"days": 400})))

    async def enter(self, case_id: UUID, *, factor: str = BORN_ON) -> dict[str, str]:
        """The borrower's own software gets in by a new link; answers with the header that it sends from then on."""
        held = self.entered.get(case_id)
        if held is None:
            self.links += 1
            body = {"token": self.token(case_id, days=400, seconds=self.links), "factor": factor}
            response = await self.api.post("/v1/borrower/sessions", json=body)
            assert response.status_code == 201, response.text
            held = self.entered[case_id] = {"Authorization": f"Bearer {response.json()['access_token']}"}
        return held

    async def see(self, case_id: UUID) -> dict[str, Any]:
        response = await self.api.get("/v1/borrower/case", headers=await self.enter(case_id))
        assert response.status_code == 200, response.text
        seen: dict[str, Any] = response.json()
        return seen

    async def accept(self, case_id: UUID, offer: dict[str, Any], *, key: str | None = None) -> httpx.Response:
        return await self.api.post(
            f"/v1/borrower/offers/{offer['offer_id']}/accept",
            json={"terms_hash": offer["terms_hash"]},
            headers={"Idempotency-Key": key or uuid4().hex, **await self.enter(case_id)},
        )

    async def counter(self, case_id: UUID, *, key: str | None = None, **wish: Any) -> httpx.Response:
        return await self.api.post(
            "/v1/borrower/counter-offers",
            json=wish,
            headers={"Idempotency-Key": key or uuid4().hex, **await self.enter(case_id)},
        )

    def browse(self, **headers: str) -> httpx.AsyncClient:
        """A browser of its own, with a jar for cookies; close it."""
        return httpx.AsyncClient(transport=self.transport, base_url="http://negotiation", headers=headers)

    async def agree(self, case_id: UUID, kind: str) -> dict[str, Any]:
        """Look at the offers and accept the one of this kind; answers with the plan."""
        offer = next(o for o in (await self.see(case_id))["offers"] if o["kind"] == kind)
        response = await self.accept(case_id, offer)
        assert response.status_code == 200, response.text
        plan: dict[str, Any] = response.json()
        return plan

    async def assert_books_are_right(self) -> None:
        assert await self.rows("SELECT * FROM ledger_differences") == []


def payment(
    case_id: UUID, amount: int, on: date, *, payment_id: UUID | None = None, reverses: UUID | None = None
) -> PaymentReported:
    return PaymentReported(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=payment_id or uuid4(),
        amount=amount,
        currency="USD",
        received_on=on,
        reverses_payment_id=reverses,
    )


@asynccontextmanager
async def open_office(databases: ServiceDatabases) -> AsyncIterator[Office]:
    settings = NegotiationSettings()
    service = create_service(settings)
    vault = KnownNames()
    worker_platform = Platform("subscriber", databases.clock, databases.worker)
    api_platform = Platform("api", databases.clock, databases.api)
    async with open_resources(settings, worker_platform) as worker, open_resources(settings, api_platform) as opened:
        machine = FrozenClock(databases.clock.now())
        portal = replace(opened.portal, machine=machine, factor=vault)
        record_of = KnownRecord()
        resources = replace(opened, vault=vault, portal=portal, record=record_of)
        app = build_app(service, api_platform, resources=resources)
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://negotiation") as api,
        ):
            handler = batch_handler(service, worker_platform, worker)
            yield Office(databases, handler, worker, api, vault, machine, transport, record_of)
