"""All sections of the borrower's pages, in the order of the menu."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.negotiation.entrypoints.portal import (
    budget,
    concerns,
    documents,
    door,
    fresh_start,
    guidance,
    home,
    inbox,
    legal,
    offers,
    pay,
    plan,
    propose,
    record,
    relief,
    representatives,
    wishes,
    withdrawal,
)
from services.negotiation.entrypoints.portal.frame import MENU, STYLE, Section

SECTIONS: list[Section] = [
    home.SECTION,
    offers.SECTION,
    propose.SECTION,
    plan.SECTION,
    pay.SECTION,
    budget.SECTION,
    relief.SECTION,
    documents.SECTION,
    fresh_start.SECTION,
    inbox.SECTION,
    record.SECTION,
    legal.SECTION,
    concerns.SECTION,
    wishes.SECTION,
    representatives.SECTION,
    guidance.SECTION,
]

router = APIRouter(include_in_schema=False)


@router.get("/static/portal.css")
async def style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


router.include_router(door.router)
router.include_router(withdrawal.router)
for section in SECTIONS:
    router.include_router(section.router)
router.include_router(home.anywhere)
MENU[:] = [section for section in SECTIONS if section.in_menu]
