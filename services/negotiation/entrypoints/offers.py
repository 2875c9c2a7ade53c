"""Offers over HTTP, for staff: what is lawful for a case and what it is worth; the equal-offer audit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.negotiation.application.audit_offers import OfferAudit, audit_offers
from services.negotiation.application.list_offers import LawfulOffer, LawfulOffers, list_offers
from services.negotiation.domain.offers.audit import ENGINE
from services.negotiation.domain.offers.facts import hash_of, recorded
from services.negotiation.entrypoints.http import NO_STORE
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.schemas import dumped, reasons_answer
from shared.service.staff import Staff

router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])

AUDIT_MAX = 10_000
"""Sets of offers in one answer; the command runs through all of them."""


@router.get("/cases/{case_id}/offers", summary="Every lawful offer of a case, with its worth and its reasons")
async def see_offers(case_id: UUID, resources: ResourcesOf) -> Response:
    """Nothing is put to the borrower by looking."""
    async with resources.begin(case_id) as work:
        found = await list_offers(work, case_id)
    return _json(lawful_answer(found))


@router.get("/offers/audit", summary="Run recorded sets of offers again: did the same facts give the same offers?")
async def see_audit(
    resources: ResourcesOf, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=AUDIT_MAX)] = 1_000
) -> Response:
    async with resources.begin(is_staff=True) as work:
        return _json(audit_answer(await audit_offers(work, after, limit)))


def _json(answer: dict[str, Any]) -> Response:
    return Response(dumped(answer), media_type="application/json", headers=NO_STORE)


def lawful_answer(found: LawfulOffers) -> dict[str, Any]:
    record = recorded(found.facts)
    return {
        "case_id": found.case.case_id,
        "currency": found.case.currency,
        "engine": ENGINE,
        "facts": record,
        "facts_hash": hash_of(record),
        "figures": asdict(found.card),
        "offers": [_offer(offer, found.case.language) for offer in found.offers],
    }


def _offer(offer: LawfulOffer, language: str) -> dict[str, Any]:
    outline, worth = offer.draft.outline, offer.draft.worth
    kind, form, frequency = outline.shape
    return {
        "kind": kind,
        "form": form,
        "frequency": frequency,
        "total": outline.total,
        "discount": outline.discount,
        "count": outline.count,
        "first_due_on": outline.first_due_on,
        "pause_until": outline.pause_until,
        "steps": [{"count": count, "amount": amount} for count, amount in outline.steps],
        "reasons": reasons_answer(offer.draft.reasons, language),
        "place": offer.place,
        "worth": asdict(worth) if worth is not None else None,
        "comparison": asdict(offer.comparison) if offer.comparison is not None else None,
    }


def audit_answer(audit: OfferAudit) -> dict[str, Any]:
    return {
        "engine": audit.engine,
        "is_equal": audit.is_equal,
        "looked_at": audit.looked_at,
        "verdicts": audit.verdicts,
        "findings": [{"set_id": set_id, "verdict": verdict} for set_id, verdict in audit.findings],
        "contradictions": [{"engine": engine, "facts_hash": facts} for engine, facts in audit.contradictions],
        "goes_on_after": audit.goes_on_after,
    }
