"""The watch over HTTP, for staff: early signs, decisions about further plans, and what became of cures."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.negotiation.application.decide_replans import decide_replan, list_replan_decisions
from services.negotiation.application.watch_cures import show_cures
from services.negotiation.application.watch_ports import Grouping, ReplanDecision
from services.negotiation.entrypoints.http import NO_STORE
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.places import CURSOR_MAX, cursor, read_cursor
from services.negotiation.entrypoints.schemas import Closed, dumped
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(alias="cursor", max_length=CURSOR_MAX)]


class ReplanVerdict(Closed):
    """Whether there may be another plan, and why: codes, no free text, for they go into the record."""

    verdict: Literal["allowed", "refused"]
    reasons: Annotated[tuple[Code, ...], Field(min_length=1, max_length=8)]


@router.get("/replan-decisions", summary="Cases whose next plan a person decides about, oldest first")
async def see_replan_decisions(resources: ResourcesOf, limit: Limit = 100, at: Cursor = None) -> Response:
    found = await list_replan_decisions(resources.begin, read_cursor(at), limit)
    after = cursor((found[-1].opened_at, found[-1].decision_id)) if len(found) == limit else None
    return _json({"decisions": [_decision(entry) for entry in found], "next_cursor": after})


@router.post("/replan-decisions/{decision_id}/decide", summary="Allow or refuse another plan, with reasons")
async def decide(decision_id: UUID, body: ReplanVerdict, who: StaffMember, resources: ResourcesOf) -> Response:
    """Allowed: new offers are made and the best one is put. The same verdict twice is the same as once."""
    return _json(_decision(await decide_replan(resources.begin, decision_id, body.verdict, body.reasons, who)))


@router.get("/cases/{case_id}/signals", summary="Early signs seen on a case")
async def see_signals(case_id: UUID, resources: ResourcesOf) -> Response:
    async with resources.begin(case_id) as work:
        await work.cases.read(case_id)
        found = await work.watch.signals(case_id)
    signals = [
        {
            "plan_id": seen.plan_id,
            "signal": seen.signal.sign,
            "instalment_number": seen.signal.instalment_number,
            "count": seen.signal.count,
            "slipped_at": seen.slipped_at,
        }
        for seen in found
    ]
    return _json({"case_id": case_id, "signals": signals})


@router.get("/cures", summary="How many cures hold, by cause of arrears or by treatment")
async def see_cures(resources: ResourcesOf, group_by: Grouping = "cause") -> Response:
    """Re-default within 6 and 12 months in basis points, of cures that are as old; small groups are not shown."""
    groups = [
        {
            "group": rate.group,
            "cures": rate.cures,
            "re_default_within_6_months": rate.within_6,
            "re_default_within_12_months": rate.within_12,
        }
        for rate in await show_cures(resources.begin, group_by)
    ]
    return _json({"group_by": group_by, "groups": groups})


def _json(content: dict[str, Any]) -> Response:
    return Response(dumped(content), media_type="application/json", headers=NO_STORE)


def _decision(decision: ReplanDecision) -> dict[str, Any]:
    return {
        "decision_id": decision.decision_id,
        "case_id": decision.case_id,
        "creditor_id": decision.creditor_id,
        "plan_id": decision.plan_id,
        "limit_reached": decision.reached,
        "plans": decision.plans,
        "state": decision.state,
        "opened_at": decision.opened_at,
        "decided_at": decision.decided_at,
        "decided_by": decision.decided_by,
        "reasons": decision.reasons,
    }
