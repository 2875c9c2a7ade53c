"""Show the event flow: events by topic, how fresh they are, how long they took, and what stands still."""

from __future__ import annotations

from services.reporting.application.ports import Resources, Standstill, TopicFlow
from services.reporting.domain.scope import Scope


async def show_event_flow(resources: Resources, scope: Scope) -> tuple[list[TopicFlow], Standstill]:
    scope.require_staff()
    async with resources.read(scope) as views:
        return await views.flow(), await views.standstill()
