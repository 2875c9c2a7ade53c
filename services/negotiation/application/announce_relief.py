"""What is said and written down about relief."""

from __future__ import annotations

from datetime import datetime

from services.negotiation.application.relief_ports import ReliefStep
from services.negotiation.domain.relief.request import Relief
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested


def step(relief: Relief, what: str, by: str, at: datetime) -> ReliefStep:
    return ReliefStep(relief.relief_id, relief.case_id, relief.creditor_id, what, by, at)


def requested(relief: Relief) -> ReliefRequested:
    return ReliefRequested(
        case_id=relief.case_id,
        creditor_id=relief.creditor_id,
        relief_id=relief.relief_id,
        cause=relief.cause,
        months_asked=relief.months_asked,
        decide_by=relief.decide_by,
        requested_at=relief.requested_at,
    )


def granted(relief: Relief, at: datetime) -> ReliefGranted:
    """Also said again when relief is extended, with the new end."""
    if relief.until is None or relief.review_on is None:
        raise AssertionError("granted relief has an end")
    return ReliefGranted(
        case_id=relief.case_id,
        creditor_id=relief.creditor_id,
        relief_id=relief.relief_id,
        cause=relief.cause,
        form=relief.form,
        plan_id=relief.plan_id,
        until=relief.until,
        review_on=relief.review_on,
        granted_at=at,
    )


def ended(relief: Relief, at: datetime) -> ReliefEnded:
    decision = relief.decision
    return ReliefEnded(
        case_id=relief.case_id,
        creditor_id=relief.creditor_id,
        relief_id=relief.relief_id,
        outcome=relief.ending or relief.state,
        reasons=decision.reasons if decision is not None and relief.state == "refused" else (),
        ended_at=at,
    )
