"""Offers side by side, each with its reasons and its whole schedule; and agreeing to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.agree_plan import accept_offer
from services.negotiation.application.announcements import terms_of
from services.negotiation.application.once import once
from services.negotiation.application.ports import Offer, Resources
from services.negotiation.application.prepare_agreement import prepare_for_offer, show_agreement
from services.negotiation.application.show_offers import OffersView, show_offers
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.terms import FORM_OF, Terms
from services.negotiation.entrypoints.acceptance import acceptance_of
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
from services.negotiation.entrypoints.portal.texts.debt import OFFERS
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor
from services.negotiation.entrypoints.wording import refusal_text
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Refusal

PATH = "/portal/offers"
PLAN_PATH = "/portal/plan"

router = section_router()
SECTION = Section(PATH, "Offers", "方案", router)


@dataclass(frozen=True, slots=True)
class Shown:
    """Terms as a page compares them. `owed` is the balance that they settle, `cost` what is paid beyond it."""

    terms: Terms
    form: str
    frequency: str
    first_amount: int
    last_amount: int
    first_due_on: date
    last_due_on: date
    owed: int

    @property
    def is_even(self) -> bool:
        """Whether the payments are equal, but for a remainder of some units."""
        return abs(self.first_amount - self.last_amount) <= len(self.terms.instalments)

    @property
    def cost(self) -> int:
        return max(self.terms.total + self.terms.discount - self.owed, 0)


def shown(terms: Terms, owed: int) -> Shown:
    first, last = terms.instalments[0], terms.instalments[-1]
    return Shown(
        terms=terms,
        form=terms.form or FORM_OF[terms.kind],
        frequency="once" if len(terms.instalments) == 1 else terms.frequency or "monthly",
        first_amount=first.amount,
        last_amount=last.amount,
        first_due_on=first.due_on,
        last_due_on=last.due_on,
        owed=owed,
    )


@router.get(PATH)
async def compare_offers(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _all(request, visit, resources)


@router.get(PATH + "/{offer_id}")
async def see_offer(offer_id: UUID, request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _one(request, visit, resources, offer_id)


@router.post(PATH + "/{offer_id}")
async def accept(offer_id: UUID, request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    try:
        await _accept(request, visit, sent, resources, offer_id)
    except FormFaults as refusal:
        return await _one(request, visit, resources, offer_id, faults=refusal.faults)
    except NoSuchThing:
        raise
    except Refusal as refusal:
        return await _all(request, visit, resources, refusal=refusal)
    return RedirectResponse(f"{PLAN_PATH}?said=agreed", status_code=303, headers=HEADERS)


async def _accept(request: Request, visit: Visit, sent: Sent, resources: Resources, offer_id: UUID) -> None:
    sent.confirmed("confirm")
    terms_hash, language = sent.text("terms_hash"), sent.text("language")
    sent.check()
    acceptance = acceptance_of(
        request,
        resources,
        how="tick_box",
        key=sent.key,
        language=language,
        shown_text_hash=sent.text("text_hash") or None,
        second_factor=visit.factor,
        session_id=visit.key_hash.hex(),
    )
    prepared = await prepare_for_offer(resources, visit.case_id, offer_id, acceptance)
    async with resources.begin(visit.case_id) as work:

        async def act() -> bytes:
            return str((await accept_offer(work, visit.case_id, offer_id, terms_hash, prepared)).plan_id).encode()

        hashed = request_hash(b"form", str(offer_id).encode(), terms_hash.encode())
        await once(work, scope=f"accept:{visit.case_id}", key=sent.key, request_hash=hashed, act=act)


async def _one(
    request: Request, visit: Visit, resources: Resources, offer_id: UUID, faults: tuple[FieldFault, ...] = ()
) -> Response:
    found = await _look(resources, visit)
    view = found.case_view
    offer = next((each for each in view.offers if each.offer_id == offer_id), None)
    if offer is None:
        raise NoSuchThing("offer")
    agreement = await show_agreement(resources, visit.case_id, offer_id, language_of(request, visit))
    values = {
        "offer": offer,
        "shown": _shown(offer, view.case),
        "agreement": agreement,
        "comparison": found.comparisons.get(offer_id),
    }
    status = 422 if faults else 200
    return render(
        request, visit, "offer.html", texts=OFFERS, status=status, faults=faults, case=view.case, values=values
    )


async def _all(request: Request, visit: Visit, resources: Resources, refusal: Refusal | None = None) -> Response:
    """Every open offer; under what was not possible, where something was not."""
    found = await _look(resources, visit)
    view = found.case_view
    values = {
        "view": view,
        "offers": [(offer, _shown(offer, view.case)) for offer in view.offers],
        "comparisons": found.comparisons,
        "refusal": refusal_text(refusal.code, language_of(request, visit)) if refusal else None,
    }
    status = status_of(refusal) if refusal else 200
    return render(request, visit, "offers.html", texts=OFFERS, status=status, case=view.case, here=PATH, values=values)


async def _look(resources: Resources, visit: Visit) -> OffersView:
    async with resources.begin(visit.case_id) as work:
        return await show_offers(work, visit.case_id)


def _shown(offer: Offer, case: CaseFile) -> Shown:
    return shown(terms_of(offer, case), case.books.balance)
