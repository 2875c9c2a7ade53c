"""All routes of intake's API."""

from __future__ import annotations

from services.intake.entrypoints import cases, payments, placements, signatures, staff, vault

routers = [placements.router, cases.router, payments.router, staff.router, vault.router, signatures.router]
