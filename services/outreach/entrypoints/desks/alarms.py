"""Alarms about critical conduct, for the staff."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from services.outreach.application import raise_alarms
from services.outreach.entrypoints.desks import schemas
from services.outreach.entrypoints.http import Given
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1/conduct-alarms", dependencies=[Staff], tags=["desks"])


@router.post("", summary="Report critical conduct: everything about the person is frozen at once", status_code=201)
async def post_alarm(body: schemas.AlarmBody, resources: Given, who: StaffMember) -> schemas.AlarmAnswer:
    new = raise_alarms.NewAlarm(body.case_id, body.category, "staff", who, body.accused, body.reference)
    return schemas.alarm_answer(await raise_alarms.raise_alarm(resources, new))


@router.get("", summary="Alarms, the newest first")
async def get_alarms(
    resources: Given,
    status: Literal["standing", "released"] = "standing",
    limit: Annotated[int, Query(ge=1, le=raise_alarms.LIST_MAX)] = 100,
) -> schemas.AlarmsAnswer:
    found = await raise_alarms.list_alarms(resources, is_standing=status == "standing", limit=limit)
    return schemas.AlarmsAnswer(alarms=[schemas.alarm_answer(alarm) for alarm in found])


@router.post("/{alarm_id}/ask-release", summary="Ask to release it: the first of two people")
async def post_ask(
    alarm_id: UUID, body: schemas.BecauseBody, resources: Given, who: StaffMember
) -> schemas.AlarmAnswer:
    return schemas.alarm_answer(await raise_alarms.ask_release(resources, who, alarm_id, body.reason))


@router.post("/{alarm_id}/release", summary="Agree to release it: the second of two people")
async def post_release(alarm_id: UUID, resources: Given, who: StaffMember) -> schemas.AlarmAnswer:
    """403 for whoever asked, and for the accused. A suspension is not taken back by it."""
    return schemas.alarm_answer(await raise_alarms.agree_release(resources, who, alarm_id))
