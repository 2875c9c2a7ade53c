"""Who acts, with which role: staff by their code and what the installation says they may, lenders by their key."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from services.negotiation.domain.approvals import Actor, StaffRole, lender
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.lender import LendersCreditor
from shared.service.staff import StaffMember

INITIAL_ROLE: StaffRole = "agent"


async def _staff_actor(who: StaffMember, resources: ResourcesOf) -> Actor:
    """Roles come from the installation's settings (`STAFF_ROLES`), never from the request."""
    return Actor(who, resources.staff_roles.get(who, INITIAL_ROLE))


async def _lender_actor(creditor_id: LendersCreditor) -> tuple[UUID, Actor]:
    return creditor_id, lender(creditor_id)


StaffActor = Annotated[Actor, Depends(_staff_actor)]
LenderActor = Annotated[tuple[UUID, Actor], Depends(_lender_actor)]
