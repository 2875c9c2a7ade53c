"""All routers of negotiation, topic by topic."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from services.negotiation.entrypoints import (
    affordability,
    bank_desk,
    conversations,
    http,
    legal,
    mandates,
    offers,
    payments,
    relief,
    remittances,
    sessions,
    watch,
)
from services.negotiation.entrypoints.counsel import forms as counsel_forms
from services.negotiation.entrypoints.counsel import pages as counsel_pages
from services.negotiation.entrypoints.documents import check_page
from services.negotiation.entrypoints.documents import http as documents
from services.negotiation.entrypoints.fresh_start import http as fresh_start
from services.negotiation.entrypoints.identity import note_staff
from services.negotiation.entrypoints.portal import sections

ROUTERS: list[APIRouter] = [
    http.router,
    conversations.router,
    sessions.router,
    sessions.staff_router,
    sections.router,
    watch.router,
    relief.borrower,
    relief.staff,
    relief.lender,
    payments.router,
    bank_desk.router,
    mandates.staff,
    mandates.lenders,
    documents.router,
    check_page.router,
    fresh_start.router,
    affordability.router,
    offers.router,
    legal.staff,
    legal.lender,
    counsel_pages.router,
    counsel_forms.router,
    remittances.router,
    remittances.lender_router,
]

NOTED = APIRouter(dependencies=[Depends(note_staff)])
"""The same, and whenever staff read the file of a case, the borrower can see that they did."""
for _router in ROUTERS:
    NOTED.include_router(_router)
