"""The HTTP interface, for the staff: why a case is treated as it is."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.assessment.application.list_assessments import LIMIT_MAX, list_assessments
from services.assessment.application.ports import Resources
from services.assessment.entrypoints.schemas import CaseAssessmentsAnswer, ScorecardAnswer, case_answer
from shared.service.staff import Staff


def get_resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


router = APIRouter(prefix="/v1", dependencies=[Staff])


@router.get("/cases/{case_id}/assessments", summary="Why a case is treated as it is, newest first")
async def get_assessments(
    case_id: UUID,
    resources: Annotated[Resources, Depends(get_resources)],
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 20,
) -> CaseAssessmentsAnswer:
    async with resources.begin() as work:
        found = await list_assessments(work, case_id, limit=limit)
    return case_answer(found, resources.reasons)


@router.get("/scorecards/current", summary="The scorecard and strategy table in use")
async def get_current_scorecard(resources: Annotated[Resources, Depends(get_resources)]) -> ScorecardAnswer:
    in_use = resources.model_in_use
    return ScorecardAnswer(
        model=in_use.model.name,
        sha256=in_use.model.sha256,
        scorecard=dict(in_use.scorecard_document),
        treatment=dict(in_use.treatment_document),
    )
