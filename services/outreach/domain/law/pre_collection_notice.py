"""What a purchaser's or servicer's notice must hold before the first demand (Directive (EU) 2021/2167, art. 10(2))."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import Answer, Given

REQUIRED = (
    "transfer_and_its_date",
    "purchaser_identity_and_contact",
    "servicer_identity_and_contact",
    "evidence_of_authorisation",
    "contact_reference_point",
)
WHERE_RELEVANT = "service_provider_identity"
FROM_MEMORY = ("amounts_due_split", "statement_of_applicable_law", "authority_for_complaints")
"""Parts known from memory only: told as such, and no reason alone to call a notice incomplete."""


def pre_collection_notice(given: Given) -> Answer:
    """`parts` (what the notice says), `has_service_provider`, `medium` (paper, durable_medium, call ...)."""
    parts = set(given.get("parts", ()))
    required = [*REQUIRED, *([WHERE_RELEVANT] if given.get("has_service_provider") else [])]
    missing = [part for part in required if part not in parts]
    is_durable = given.get("medium") in ("paper", "durable_medium")
    return {
        "is_complete": not missing and is_durable,
        "missing": missing,
        "is_durable": is_durable,
        "unverified_parts_missing": [part for part in FROM_MEMORY if part not in parts],
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"pre_collection_notice": pre_collection_notice}
