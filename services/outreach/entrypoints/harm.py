"""Harm budgets and choices, for the staff. `X-Staff-Id` tells who proposes an override from who agrees to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.outreach.application import oversee_harm
from services.outreach.application.harm_records import BudgetLine, Override
from services.outreach.application.ports import Resources
from shared.service.staff import Staff, StaffMember

ARMS_MAX = 1_000
STATE = Literal["ok", "slowed", "stopped"]


def get_resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


Given = Annotated[Resources, Depends(get_resources)]
router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["harm"])


class OverrideBody(BaseModel):
    """What a strategy shall stand at instead, why, and until when (14 days at most)."""

    model_config = ConfigDict(extra="forbid")

    state: STATE
    reason: str = Field(min_length=10, max_length=500, description="no personal data")
    until: AwareDatetime


class OverrideAnswer(BaseModel):
    override_id: UUID
    strategy: str
    state: STATE
    reason: str
    until: datetime
    proposed_by: str
    approved_by: str | None


class RateAnswer(BaseModel):
    """One kind of harm per 1,000 contacts of the window; `at_least` is the lower end of its 95 % interval."""

    kind: str
    harms: int
    contacts: int
    per_thousand: float
    at_least: float
    slows_above: int
    stops_above: int


class BudgetAnswer(BaseModel):
    strategy: str
    state: STATE = Field(description="what the gate is told: the override's where one stands")
    own_state: STATE
    since_on: str
    window_days: int
    minimum_contacts: int
    because: str
    rates: list[RateAnswer]
    override: OverrideAnswer | None


class BudgetsAnswer(BaseModel):
    budgets: list[BudgetAnswer]


class ArmAnswer(BaseModel):
    segment: str
    channel: str
    band: str
    day: str
    trials: int
    responses: int
    harms: int
    reward: float = Field(description="mean of the posterior, a harm weighing five contacts without an answer")
    interval: tuple[float, float] = Field(description="99 % interval of the weighed response share")
    is_winner: bool = Field(description="its interval lies above that of every other arm of the segment")


class ChoicesReport(BaseModel):
    mode: Literal["champion", "learning"]
    explore_percent: int | None
    arms: list[ArmAnswer]


class ChoiceAnswer(BaseModel):
    choice_id: UUID
    chosen_at: datetime
    why: str
    chosen: int
    snapshot_hash: str
    inputs: dict[str, Any]
    repeats: bool = Field(description="made again just now from what was kept, it came out the same")


class ChoicesAnswer(BaseModel):
    choices: list[ChoiceAnswer]


@router.get("/harm-budgets", summary="What each strategy has spent of its harm budget")
async def get_harm_budgets(resources: Given) -> BudgetsAnswer:
    return BudgetsAnswer(budgets=[_budget(line) for line in await oversee_harm.show_budgets(resources)])


@router.post("/harm-budgets/{strategy}/overrides", summary="Propose an override", status_code=201)
async def post_override(strategy: str, body: OverrideBody, resources: Given, who: StaffMember) -> OverrideAnswer:
    """Nothing changes before somebody else has approved it."""
    return _override(await oversee_harm.propose_override(resources, who, strategy, body.state, body.reason, body.until))


@router.post("/harm-budget-overrides/{override_id}/approve", summary="Approve: somebody else than the proposer")
async def post_approval(override_id: UUID, resources: Given, who: StaffMember) -> OverrideAnswer:
    return _override(await oversee_harm.approve_override(resources, who, override_id))


@router.get("/choices/report", summary="What is known of each channel and time")
async def get_report(
    resources: Given,
    segment: Annotated[str | None, Query(max_length=100, description="strategy:jurisdiction:language")] = None,
    limit: Annotated[int, Query(ge=1, le=ARMS_MAX)] = 500,
) -> ChoicesReport:
    percent = resources.harm.explore_percent
    arms = [
        ArmAnswer(
            segment=line.entry.segment,
            channel=line.entry.arm.channel,
            band=line.entry.arm.band,
            day=line.entry.arm.day,
            trials=line.entry.tally.trials,
            responses=line.entry.tally.responses,
            harms=line.entry.tally.harms,
            reward=round(line.entry.tally.reward, 4),
            interval=(round(line.entry.tally.interval[0], 4), round(line.entry.tally.interval[1], 4)),
            is_winner=line.is_winner,
        )
        for line in await oversee_harm.report_choices(resources, segment, limit)
    ]
    return ChoicesReport(mode="champion" if percent is None else "learning", explore_percent=percent, arms=arms)


@router.get("/choices/{attempt_id}", summary="What was chosen for one attempt, and among what")
async def get_choices(attempt_id: UUID, resources: Given) -> ChoicesAnswer:
    found = await oversee_harm.show_choices(resources, attempt_id)
    return ChoicesAnswer(
        choices=[
            ChoiceAnswer(
                choice_id=kept.choice_id,
                chosen_at=kept.chosen_at,
                why=kept.choice.why,
                chosen=kept.choice.chosen,
                snapshot_hash=kept.choice.snapshot_hash,
                inputs=kept.choice.inputs(),
                repeats=repeats,
            )
            for kept, repeats in found
        ]
    )


def _override(override: Override) -> OverrideAnswer:
    return OverrideAnswer(
        override_id=override.override_id,
        strategy=override.strategy,
        state=override.state,
        reason=override.reason,
        until=override.until,
        proposed_by=override.proposed_by,
        approved_by=override.approved_by,
    )


def _budget(line: BudgetLine) -> BudgetAnswer:
    return BudgetAnswer(
        strategy=line.budget.strategy,
        state=line.effective,
        own_state=line.standing.state,
        since_on=line.standing.since_on.isoformat(),
        window_days=line.budget.window_days,
        minimum_contacts=line.budget.minimum_contacts,
        because=line.budget.because,
        rates=[
            RateAnswer(
                kind=entry.kind,
                harms=entry.harms,
                contacts=entry.contacts,
                per_thousand=round(entry.per_thousand, 2),
                at_least=round(entry.at_least, 2),
                slows_above=line.budget.limits[entry.kind].slow,
                stops_above=line.budget.limits[entry.kind].stop,
            )
            for entry in line.rates
        ],
        override=_override(line.override) if line.override is not None else None,
    )
