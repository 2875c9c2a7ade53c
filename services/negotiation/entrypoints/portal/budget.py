"""The budget in steps: plain forms, each saved by itself, ending with what is left and a proposal that fits it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.draft_ports import BudgetDraft, DraftLine
from services.negotiation.application.fill_budget import BudgetView, file_budget, look_ahead, save_budget, show_budget
from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources
from services.negotiation.application.show_means import show_means
from services.negotiation.domain.affordability.forms import PERIODS, SECTIONS, SPENDING_REASONS, Every
from services.negotiation.domain.affordability.forms import Section as Part
from services.negotiation.domain.affordability.means import per_period
from services.negotiation.domain.affordability.statement import PERSONS_MAX, Household
from services.negotiation.domain.refusals import CaseClosed, NoSuchThing
from services.negotiation.entrypoints.affordability_texts import (
    CATEGORIES,
    PERIOD_TEXTS,
    SPENDING_REASON_TEXTS,
    means_text,
)
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import (
    HEADERS,
    FieldFault,
    FormFaults,
    Section,
    Visit,
    language_of,
    render,
    section_router,
    status_of,
)
from services.negotiation.entrypoints.portal.texts.budget import BUDGET
from services.negotiation.entrypoints.portal.texts.debt import TERMS
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor
from services.negotiation.entrypoints.wording import refusal_text
from shared.db.idempotency import request_hash
from shared.kernel.money import EXPONENTS
from shared.kernel.refusal import Refusal

PATH = "/portal/budget"
STEPS = ("household", "income", "fixed", "flexible", "rest")
PARTS: dict[str, tuple[Part, ...]] = {
    "income": ("income",),
    "fixed": ("fixed",),
    "flexible": ("flexible",),
    "rest": ("savings",),
}
TEXTS = {**TERMS, **BUDGET}

router = section_router()
SECTION = Section(PATH, "Budget", "收支", router)


@router.get(PATH)
async def see_start(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    view = await _view(resources, visit)
    next_step = next((step for step in STEPS if step not in view.draft.steps), "check")
    values = {"view": view, "next_step": next_step}
    return render(request, visit, "budget_start.html", texts=TEXTS, case=view.case, values=values)


@router.get(PATH + "/result")
async def see_result(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        means = (await show_means(work, visit.case_id)).filed.means
    each = per_period(means.affordable, means.rhythm)
    language = language_of(request, visit)
    values = {
        "means": means,
        "each": each,
        "typed": _typed(each, case.currency),
        "reasons": [means_text(code, language) for code in means.reasons],
    }
    return render(request, visit, "budget_result.html", texts=TEXTS, case=case, values=values)


@router.get(PATH + "/check")
async def see_check(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _check(request, visit, resources)


@router.post(PATH + "/check")
async def file(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    reasons = {
        name.removeprefix("reason_"): value
        for name, value in sent.fields.items()
        if name.startswith("reason_") and value in SPENDING_REASONS
    }
    try:
        async with resources.begin(visit.case_id) as work:

            async def act() -> bytes:
                view = await show_budget(work, visit.case_id)
                return str((await file_budget(work, resources.guides, view, reasons)).statement_id).encode()

            hashed = request_hash(b"budget", *(f"{k}={v}".encode() for k, v in sorted(reasons.items())))
            await once(work, scope=f"budget:{visit.case_id}", key=sent.key, request_hash=hashed, act=act)
    except NoSuchThing:
        raise
    except Refusal as refusal:
        return await _check(request, visit, resources, refusal)
    return RedirectResponse(f"{PATH}/result", status_code=303, headers=HEADERS)


@router.get(PATH + "/{step}")
async def see_step(step: str, request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _step(request, visit, await _view(resources, visit), step)


@router.post(PATH + "/{step}")
async def save_step(step: str, request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    view = await _view(resources, visit)
    if step not in STEPS:
        raise NoSuchThing("step")
    draft = _filled(view, step, sent)
    try:
        sent.check()
    except FormFaults as refusal:
        return await _step(request, visit, view, step, sent=sent, faults=refusal.faults)
    async with resources.begin(visit.case_id) as work:
        await save_budget(work, visit.case_id, draft)
    following = STEPS.index(step) + 1
    return RedirectResponse(
        f"{PATH}/{STEPS[following] if following < len(STEPS) else 'check'}", status_code=303, headers=HEADERS
    )


def _filled(view: BudgetView, step: str, sent: Sent) -> BudgetDraft:
    """The draft with what one step's form said; what is wrong stands in `sent.faults`."""
    draft, currency = view.draft, view.case.currency
    draft = replace(draft, steps=tuple(dict.fromkeys((*draft.steps, step))))
    if step == "household":
        adults = sent.number("adults", first=1, last=PERSONS_MAX)
        children = sent.number("children", first=0, last=PERSONS_MAX, is_needed=False) or 0
        teenagers = sent.number("teenagers", first=0, last=PERSONS_MAX, is_needed=False) or 0
        if adults is not None and adults + children + teenagers > PERSONS_MAX:
            sent.faults.append(FieldFault("adults", "not_a_number"))
        return replace(draft, household=Household(adults or 1, children, teenagers))
    lines = dict(draft.lines)
    for category in _categories(view, step):
        amount = sent.amount(category, currency, is_needed=False, zero=True)
        every = sent.text(f"{category}_every") or "monthly"
        lines[category] = DraftLine(amount or 0, cast(Every, every if every in PERIODS else "monthly"))
    draft = replace(draft, lines=lines)
    if step == "rest":
        debts = sent.amount("other_debts", currency, is_needed=False, zero=True) or 0
        pay_day = sent.number("pay_day", first=1, last=31, is_needed=False)
        draft = replace(draft, other_debts=debts, pay_day=pay_day)
    return draft


async def _step(
    request: Request,
    visit: Visit,
    view: BudgetView,
    step: str,
    *,
    sent: Sent | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    if step not in STEPS:
        raise NoSuchThing("step")
    index = 1 if language_of(request, visit) == "zh" else 0
    values = {
        "step": step,
        "number": STEPS.index(step) + 1,
        "steps": len(STEPS),
        "rows": [(category, CATEGORIES[category][index]) for category in _categories(view, step)],
        "periods": [(every, PERIOD_TEXTS[every][index]) for every in PERIODS],
        "given": sent.fields if sent else _given(view),
        "previous": STEPS[STEPS.index(step) - 1] if step != STEPS[0] else None,
    }
    status = 422 if faults else 200
    return render(
        request, visit, "budget_step.html", texts=TEXTS, status=status, faults=faults, case=view.case, values=values
    )


async def _check(request: Request, visit: Visit, resources: Resources, refusal: Refusal | None = None) -> Response:
    async with resources.begin(visit.case_id) as work:
        view = await show_budget(work, visit.case_id)
        if view.case.closed is not None or not view.case.books.balance:
            raise CaseClosed
        means = look_ahead(view, resources.guides, work)
    language = language_of(request, visit)
    index = 1 if language == "zh" else 0
    values = {
        "means": means,
        "questions": [(a, CATEGORIES[a.category][index]) for a in means.above_guide],
        "reason_options": [(code, SPENDING_REASON_TEXTS[code][index]) for code in sorted(SPENDING_REASONS)],
        "step_titles": [(step, BUDGET[f"{step}_title"][index]) for step in STEPS],
        "refusal": refusal_text(refusal.code, language) if refusal else None,
    }
    status = status_of(refusal) if refusal else 200
    return render(request, visit, "budget_check.html", texts=TEXTS, status=status, case=view.case, values=values)


async def _view(resources: Resources, visit: Visit) -> BudgetView:
    async with resources.begin(visit.case_id) as work:
        return await show_budget(work, visit.case_id)


def _categories(view: BudgetView, step: str) -> list[str]:
    return [category for part in PARTS.get(step, ()) for category in SECTIONS[view.form][part]]


def _given(view: BudgetView) -> dict[str, str]:
    """The draft as it would be typed."""
    draft, currency = view.draft, view.case.currency
    given = {
        "adults": str(draft.household.adults),
        "children": str(draft.household.children),
        "teenagers": str(draft.household.teenagers),
        "other_debts": _typed(draft.other_debts, currency),
        "pay_day": str(draft.pay_day or ""),
    }
    for category, line in draft.lines.items():
        given[category] = _typed(line.amount, currency)
        given[f"{category}_every"] = line.every
    return given


def _typed(minor_units: int, currency: str) -> str:
    return str(Decimal(minor_units).scaleb(-EXPONENTS[currency])) if minor_units else ""
