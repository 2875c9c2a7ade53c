"""`python -m services.negotiation ROLE`."""

from __future__ import annotations

from services.negotiation.main import create_service
from shared.service.roles import run_service

if __name__ == "__main__":
    run_service(create_service())
