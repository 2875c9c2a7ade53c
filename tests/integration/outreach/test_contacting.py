"""From an assessed case to a contact, and what stops it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from services.outreach.application.apply_holds import apply_hold, expire_holds, release_hold
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.default_detected import DefaultDetected
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
from shared.events.terms import Balance, Terms
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received


async def test_an_assessed_case_is_contacted_by_its_preferred_channel(desk: Desk) -> None:
    case_id = await desk.open_case()
    assert await desk.sweep() == 1
    (attempted,) = await desk.said("contact.attempted")
    assert (attempted["case_id"], attempted["channel"], attempted["outcome"]) == (str(case_id), "email", "delivered")
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["counts"]) == ("settled", True)
    (decision,) = await desk.rows("SELECT * FROM decisions")
    assert decision["verdict"] == "allow"
    assert attempted["facts_hash"] == decision["facts_hash"]
    text = desk.carriers.texts[attempt["attempt_id"]].text
    assert "Harbour Credit" in text
    assert "$1,255.00" in text
    assert "/b/" in text
    plan = await desk.plan(case_id)
    assert plan is not None
    assert (plan["step"], plan["due_at"]) == (1, desk.now + timedelta(days=4))
    assert await desk.sweep() == 0
