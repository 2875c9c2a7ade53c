"""All routers of negotiation, topic by topic."""

from __future__ import annotations

from fastapi import APIRouter

from services.negotiation.entrypoints import http, pages, watch

ROUTERS: list[APIRouter] = [http.router, pages.router, watch.router]
