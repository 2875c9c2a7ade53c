"""All routers of negotiation, topic by topic."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from services.negotiation.entrypoints import (
    affordability,
    conversations,
    http,
    mandates,
    offers,
    payments,
    relief,
    remittances,
    sessions,
    watch,
)
from services.negotiation.entrypoints.documents import check_page
from services.negotiation.entrypoints.documents import http as documents
from services.negotiation.entrypoints.identity import note_staff
from services.negotiation.entrypoints.portal import sections

ROUTERS: list[APIRouter] = [
    http.router,
    conversations.router,
    sessions.router, sessions.staff_router,
    sections.router,
    watch.router,
    relief.borrower,
    relief.staff,
    relief.lender,
    payments.router,
    mandates.staff,
    mandates.lenders,
    documents.router,
    check_page.router,
    affordability.router,
    offers.router,
    remittances.router,
    remittances.lender_router,
]

NOTED = APIRouter(dependencies=[Depends(note_staff)])
"""The same, and whenever staff read the file of a case, the borrower can see that they did."""
for _router in ROUTERS:
    NOTED.include_router(_router)
