"""A proposal of the borrower's own: answered at once, with the reasons."""

from __future__ import annotations

from typing import Any, cast

import orjson
from fastapi import Request, Response

from services.negotiation.application.answer_counter_offer import answer_counter_offer
from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources
from services.negotiation.application.prepare_agreement import prepare_for_wish
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.application.show_case import show_case
from services.negotiation.domain.counter_offers import Wish
from services.negotiation.domain.mandates import Limits
from services.negotiation.domain.terms import Frequency
from services.negotiation.entrypoints.acceptance import acceptance_of
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import (
    FieldFault,
    FormFaults,
    Section,
    Visit,
    language_of,
    render,
    section_router,
    status_of,
)
from services.negotiation.entrypoints.portal.texts.debt import PROPOSE
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor
from services.negotiation.entrypoints.wording import refusal_text
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Refusal

PATH = "/portal/propose"
MONTHS_MAX = 600
FIELDS = ("kind", "amount", "months", "frequency", "pay_day", "first_due_on")
FREQUENCIES: tuple[Frequency, ...] = ("monthly", "weekly", "fortnightly", "pay_day")

router = section_router()
SECTION = Section(PATH, "Propose", "提议", router)


@router.get(PATH)
async def see_form(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    given = {name: request.query_params.get(name, "")[:20] for name in FIELDS}
    return await _form(request, visit, resources, given)


@router.post(PATH)
async def propose(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    given = {name: sent.text(name, length_max=20) for name in FIELDS}
    try:
        answer = await _propose(request, sent, visit, resources)
    except FormFaults as faults:
        return await _form(request, visit, resources, given, faults=faults.faults)
    except Refusal as refusal:
        return await _form(request, visit, resources, given, refusal=refusal)
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
    return render(request, visit, "proposal_answer.html", texts=PROPOSE, case=case, answer=answer)


async def _propose(request: Request, sent: Sent, visit: Visit, resources: Resources) -> dict[str, Any]:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
    wish = wish_of(sent, case.currency)
    sent.check()
    acceptance = acceptance_of(
        request,
        resources,
        how="own_proposal",
        key=sent.key,
        language=language_of(request, visit),
        second_factor=visit.factor,
        session_id=visit.key_hash.hex(),
    )
    prepared = await prepare_for_wish(resources, visit.case_id, wish, acceptance)
    async with resources.begin(visit.case_id) as work:

        async def act() -> bytes:
            given = await answer_counter_offer(work, visit.case_id, wish, prepared)
            offer_id = given.offer.offer_id if given.offer else None
            return orjson.dumps({"answer": given.verdict, "reasons": given.reasons, "offer_id": offer_id}, default=str)

        hashed = request_hash(b"form", *(sent.text(name).encode() for name in FIELDS))
        answer = await once(work, scope=f"counter:{visit.case_id}", key=sent.key, request_hash=hashed, act=act)
    told: dict[str, Any] = orjson.loads(answer.response)
    return told


def wish_of(sent: Sent, currency: str) -> Wish:
    """What was typed, as a wish; what is wrong with it stands in `sent.faults`."""
    kind = sent.choice("kind", ("instalments", "lump_sum", "hardship_pause"))
    amount = sent.amount("amount", currency, is_needed=kind == "lump_sum")
    months = sent.number("months", first=1, last=MONTHS_MAX, is_needed=kind == "hardship_pause")
    first = sent.day("first_due_on", is_needed=False)
    if kind == "lump_sum":
        return Wish("lump_sum", lump_sum=amount, first_due_on=first)
    if kind == "hardship_pause":
        return Wish("hardship_pause", pause_months=months)
    if amount is None and months is None and not sent.faults:
        sent.faults.append(FieldFault("amount", "missing"))
    frequency = cast(Frequency, sent.choice("frequency", FREQUENCIES) if sent.text("frequency") else "monthly")
    pay_day = sent.number("pay_day", first=1, last=31, is_needed=frequency == "pay_day")
    return Wish(
        "instalments",
        monthly=amount,
        # The amount decides where both are given: it is what has to be paid.
        months=None if amount else months,
        first_due_on=first,
        frequency=frequency,
        pay_day=pay_day if frequency == "pay_day" else None,
    )


async def _form(
    request: Request,
    visit: Visit,
    resources: ResourcesOf,
    given: dict[str, str],
    *,
    faults: tuple[FieldFault, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    async with resources.begin(visit.case_id) as work:
        view = await show_case(work, visit.case_id)
        limits = (await mandate_for(work, view.case)).limits
    return render(
        request,
        visit,
        "propose.html",
        texts=PROPOSE,
        status=422 if faults else status_of(refusal) if refusal else 200,
        faults=faults,
        case=view.case,
        given=given,
        kinds=_kinds(limits),
        frequencies=FREQUENCIES,
        refusal=refusal_text(refusal.code, language_of(request, visit)) if refusal else None,
    )


def _kinds(limits: Limits) -> list[str]:
    return ["instalments", "lump_sum", *(["hardship_pause"] if limits.relief_months("pause") else [])]
