"""Taking an agreement back inside its cooling-off: no reason is asked, and it costs nothing."""

from __future__ import annotations

import orjson
from fastapi import Request, Response

from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources
from services.negotiation.application.withdraw_from_plan import RightToWithdraw, right_of, withdraw_from_plan
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import FieldFault, FormFaults, Visit, render, section_router
from services.negotiation.entrypoints.portal.offers import PLAN_PATH
from services.negotiation.entrypoints.portal.texts.papers import WITHDRAW
from services.negotiation.entrypoints.portal.visitor import SentForm, Visitor
from shared.db.idempotency import request_hash

PATH = PLAN_PATH + "/withdraw"

router = section_router()


@router.get(PATH)
async def see_form(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _form(request, visit, resources)


@router.post(PATH)
async def withdraw(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    sent.confirmed("confirm")
    try:
        sent.check()
    except FormFaults as refusal:
        return await _form(request, visit, resources, refusal.faults)
    is_refund_asked = sent.text("refund") == "yes"
    case, right = await _right(resources, visit)
    async with resources.begin(visit.case_id) as work:

        async def act() -> bytes:
            # The running plan, or the one that this form has withdrawn before: the answer is remembered then.
            if right is None:
                raise NoSuchThing("plan")
            done = await withdraw_from_plan(work, visit.case_id, right.plan_id, is_refund_asked=is_refund_asked)
            return orjson.dumps({"refund": done.paid if done.is_refund_asked else 0})

        hashed = request_hash(b"withdraw", str(is_refund_asked).encode())
        answer = await once(work, scope=f"withdraw:{visit.case_id}", key=sent.key, request_hash=hashed, act=act)
    refund = orjson.loads(answer.response)["refund"]
    return render(request, visit, "withdrawn.html", texts=WITHDRAW, case=case, here=PLAN_PATH, refund=refund)


async def _form(request: Request, visit: Visit, resources: Resources, faults: tuple[FieldFault, ...] = ()) -> Response:
    case, right = await _right(resources, visit)
    if right is None or not right.is_open:
        raise NoSuchThing("plan")
    status = 422 if faults else 200
    return render(request, visit, "withdraw.html", texts=WITHDRAW, status=status, faults=faults, case=case, right=right)


async def _right(resources: Resources, visit: Visit) -> tuple[CaseFile, RightToWithdraw | None]:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        return case, await right_of(work, case)
