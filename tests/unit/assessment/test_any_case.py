"""Whatever a contract permits can be assessed, and what is said of it fits the contract."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.assessment.adapters.model_files import read_model
from services.assessment.application import learn_facts
from services.assessment.application.assess_received_cases import assess_received_cases
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_received import CaseReceived
from shared.events.case_updated import CaseUpdated
from shared.events.contact_attempted import ContactAttempted
from shared.events.default_detected import DefaultDetected
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_slipped import PlanSlipped
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from tests.contracts.strategies import bodies
from tests.unit.assessment.builders import MemoryWork, announced

MODEL = read_model().model
EVENTS_MAX = 6
LEARNING: dict[type[Any], Callable[..., Coroutine[Any, Any, None]]] = {
    CaseUpdated: learn_facts.learn_updates,
    ContactAttempted: learn_facts.learn_contacts,
    BorrowerReplied: learn_facts.learn_replies,
    PaymentPosted: learn_facts.learn_payments,
    PaymentReversed: learn_facts.learn_reversals,
    PlanAgreed: learn_facts.learn_agreed_plans,
    PlanCompleted: learn_facts.learn_completed_plans,
    PlanWithdrawn: learn_facts.learn_withdrawn_plans,
    PlanSlipped: learn_facts.learn_early_signs,
    ReliefGranted: learn_facts.learn_reliefs,
    ReliefEnded: learn_facts.learn_ended_reliefs,
    DefaultDetected: learn_facts.learn_defaults,
}
SOME_EVENTS = st.lists(st.one_of([bodies(kind) for kind in LEARNING]), max_size=EVENTS_MAX)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(bodies(CaseReceived), SOME_EVENTS)
def test_any_case_with_any_history_is_assessed(case: CaseReceived, history: list[Any]) -> None:
    async def happen() -> MemoryWork:
        work = MemoryWork()
        await assess_received_cases(work, MODEL, [announced(case)])
        for body in history:
            event = announced(body.model_copy(update={"case_id": case.case_id}))
            await LEARNING[type(body)](work, MODEL, [event])
        return work

    work = asyncio.run(happen())
    for body, _ in work.said:
        assert type(body).model_validate_json(body.model_dump_json()) == body
        assert body.strategy == "care" or not body.is_vulnerable
        assert body.affordable_monthly is None or body.affordable_monthly % 100 == 0
    defaults = [body for body, cause in work.said if cause.event_type == "default.detected"]
    assert len(defaults) == len([body for body in history if isinstance(body, DefaultDetected)])
    for before, after in zip(work.said, work.said[1:], strict=False):
        changed = before[0].model_dump(include=ACTED_UPON) != after[0].model_dump(include=ACTED_UPON)
        assert changed or after[1].event_type in ("default.detected", "plan.slipped")


ACTED_UPON = {
    "risk_grade",
    "stage",
    "segment",
    "strategy",
    "arrears_cause",
    "is_vulnerable",
    "affordable_monthly",
}
