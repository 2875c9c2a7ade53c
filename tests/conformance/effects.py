"""An independent witness: each handled event leaves one row, written in the handler's own transaction.

What a service did is judged by these rows and not by the service's own tables, so that one set of checkers serves all.
"""

from __future__ import annotations

import os
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.events.registry import EVENTS
from shared.messaging.subscription import AnySubscription, Handler
from shared.service.service import AnyService

CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS conformance_effects (
    id bigserial PRIMARY KEY, event_id uuid NOT NULL, topic text NOT NULL, key text NOT NULL,
    sequence bigint NOT NULL, pid integer NOT NULL)
"""
_INSERT = "INSERT INTO conformance_effects (event_id, topic, key, sequence, pid) VALUES ($1, $2, $3, $4, $5)"


async def create_table(connection: asyncpg.Connection[Any]) -> None:
    """Run as the owner of the database, so that its default privileges reach the service's roles."""
    await connection.execute(CREATE_TABLE)


class Refused(Exception):
    """A handler cannot take an event, for good."""


def witnessed(service: AnyService, refused: Set[UUID] = frozenset()) -> AnyService:
    """The same service; its handlers leave effect rows, and fail for the keys in `refused`, which a test may change.

    What a service says to itself leaves no row: nobody but it knows what that should be.
    """

    def subscriptions(resources: Any) -> list[AnySubscription]:
        return [
            subscription
            if EVENTS[subscription.topic].producer == service.name
            else replace(subscription, handler=_witnessed(subscription.handler, refused))
            for subscription in service.subscriptions(resources)
        ]

    return replace(service, subscriptions=subscriptions)


def _witnessed(handler: Handler[Any], refused: Set[UUID]) -> Handler[Any]:
    async def handle(transaction: Transaction, events: Sequence[Event[EventBody]]) -> None:
        await handler(transaction, events)
        if any(event.key in refused for event in events):
            raise Refused
        driver = await transaction.driver()
        await driver.executemany(
            _INSERT, [(e.event_id, e.event_type, str(e.key), e.sequence, os.getpid()) for e in events]
        )

    return handle
