"""Intake's API over a real database, and two lenders who use it."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import BaseModel, SecretStr
from sqlalchemy.engine import make_url

from services.intake.adapters.tables import metadata
from services.intake.application.ports import Resources
from services.intake.entrypoints.answers import (
    CaseAnswerBody,
    CasesAnswerBody,
    PaymentsAnswerBody,
    PlacementAnswerBody,
    ProblemBody,
)
from services.intake.main import create_service
from services.intake.settings import IntakeSettings
from shared.db.database import open_database, service_url
from shared.db.migrations import migrate
from shared.events.envelope import Event
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from shared.messaging.subscription import AnySubscription
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.signatures import sign
from tests.support.databases import MONDAY_MORNING, ServiceDatabases, drop_database
from tests.support.servers import Servers

STAFF_TOKEN = "an invented token of the staff"
SERVICE_SECRET = b"an invented secret between services"
MANDATE = {
    "discount_max_basis_points": 2_000,
    "term_months_max": 24,
    "instalment_min_minor_units": 2_500,
    "pause_months_max": 3,
}
DESCRIBED: dict[str, type[BaseModel]] = {
    "/v1/placements": PlacementAnswerBody,
    "/v1/payments": PaymentsAnswerBody,
    "/v1/cases": CasesAnswerBody,
    "/v1/cases/[^/]+": CaseAnswerBody,
}
_keys = itertools.count(1)


def as_described(response: httpx.Response) -> httpx.Response:
    """The response, if it has the form that the API's description promises for its route."""
    if response.status_code >= 400:
        ProblemBody.model_validate_json(response.content)
        return response
    for path, model in DESCRIBED.items():
        if re.fullmatch(path, response.request.url.path):
            model.model_validate_json(response.content)
    return response


@dataclass(frozen=True)
class Lender:
    """A lending platform's own client."""

    client: httpx.AsyncClient
    clock: FrozenClock
    creditor_id: str
    key_id: str
    secret: bytes

    async def get(self, path: str) -> httpx.Response:
        return as_described(await self.client.get(path, headers=self.signature("GET", path, b"")))

    async def post(
        self, path: str, body: Any, *, key: str | None = None, content_type: str = "application/json"
    ) -> httpx.Response:
        """POST as this lender with a fresh Idempotency-Key, or with the one given."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self.signature("POST", path, raw) | {
            "Content-Type": content_type,
            "Idempotency-Key": key or f"key-{next(_keys)}",
        }
        return as_described(await self.client.post(path, content=raw, headers=headers))

    async def place(self, *records: Any, key: str | None = None) -> list[dict[str, Any]]:
        response = await self.post("/v1/placements", {"records": list(records)}, key=key)
        assert response.status_code == 200, response.text
        answers: list[dict[str, Any]] = response.json()["records"]
        return answers

    async def place_one(self, record: Any) -> str:
        """Place one sound record; answers with the id of its case."""
        (answer,) = await self.place(record)
        return str(answer["case_id"])

    def signature(self, method: str, path: str, body: bytes) -> dict[str, str]:
        return sign(self.secret, key_id=self.key_id, at=self.clock.now(), method=method, path=path, body=body)


@dataclass(frozen=True)
class Intake:
    """The service under test, from all its sides."""

    client: httpx.AsyncClient
    databases: ServiceDatabases
    resources: Resources

    async def staff(self, path: str, body: Any = None, *, token: str = STAFF_TOKEN) -> httpx.Response:
        return await self.client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})

    async def onboard(self, name: str, *, jurisdiction: str = "US", **changes: Any) -> Lender:
        body = {
            "name": name,
            "licence_number": f"L-{name}",
            "licence_expires_on": "2027-12-31",
            "currency": {"US": "USD", "CN": "CNY"}[jurisdiction],
            "jurisdiction": jurisdiction,
            "mandate": MANDATE,
            **changes,
        }
        response = await self.staff("/v1/creditors", body)
        assert response.status_code == 201, response.text
        answer = response.json()
        secret = answer["secret"].encode()
        return Lender(self.client, self.databases.clock, answer["creditor_id"], answer["key_id"], secret)

    async def service(self, path: str, body: Any, *, secret: bytes = SERVICE_SECRET) -> httpx.Response:
        """A call of outreach to the vault."""
        raw = json.dumps(body).encode()
        at = self.databases.clock.now()
        headers = sign(secret, key_id="service:outreach", at=at, method="POST", path=path, body=raw)
        return await self.client.post(path, content=raw, headers=headers)

    async def hear(self, *bodies: Any) -> None:
        """Deliver events to the subscriptions, as the subscriber loop does with one batch of a type."""
        table: dict[type, AnySubscription] = {s.body: s for s in create_service().subscriptions(self.resources)}
        now = self.databases.clock.now()
        async with self.databases.worker.transaction() as transaction:
            for body in bodies:
                event = Event(new_id(), body, now, 1, new_id())
                await table[type(body)].handler(transaction, [event])
            await transaction.commit()

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What the database holds, whoever it belongs to."""
        async with self.databases.worker.transaction() as transaction:
            driver = await transaction.driver()
            return [dict(row) for row in await driver.fetch(query, *values)]

    async def announced(self, topic: str) -> list[dict[str, Any]]:
        """Bodies of the events in the outbox, oldest first."""
        rows = await self.rows("SELECT value FROM outbox WHERE topic = $1 ORDER BY id", topic)
        return [json.loads(row["value"]) for row in rows]


@pytest.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[str]:
    """DATABASE_URL of a migrated database that all tests here share, one after the other."""
    url = make_url(servers.database_url).set(database=f"t{uuid.uuid4().hex[:12]}").render_as_string(hide_password=False)
    described = create_service()
    await migrate(url, "intake", described.migrations, described.metadata)
    yield url
    await drop_database(url, "intake")


@pytest.fixture
async def databases(migrated: str) -> AsyncIterator[ServiceDatabases]:
    """Empty tables, and a clock that stands on a Monday morning."""
    clock = FrozenClock(MONDAY_MORNING)
    api = open_database(migrated, "intake", clock, role="concord_api")
    worker = open_database(migrated, "intake", clock, role="concord_worker")
    yield ServiceDatabases("intake", migrated, clock, api, worker)
    await api.close()
    await worker.close()
    owner = service_url(migrated, "intake").set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(owner)
    await connection.execute(f"TRUNCATE {', '.join(metadata.tables)}")
    await connection.close()


@pytest.fixture
async def intake(databases: ServiceDatabases) -> AsyncIterator[Intake]:
    settings = IntakeSettings(
        database_url=databases.url,
        staff_token=SecretStr(STAFF_TOKEN),
        service_secret=SecretStr(SERVICE_SECRET.decode()),
        vault_key=SecretStr("an invented root key of enough length"),
    )
    service = create_service(settings)
    platform = Platform("api", databases.clock, databases.api)
    async with service.open_resources(platform) as resources:
        app = build_app(service, platform, resources=resources)
        app.state.resources = resources
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
            yield Intake(client, databases, resources)


@pytest.fixture
async def harbour(intake: Intake) -> Lender:
    return await intake.onboard("Harbour Credit")


@pytest.fixture
async def morning(intake: Intake) -> Lender:
    return await intake.onboard("晨光消费金融", jurisdiction="CN")
