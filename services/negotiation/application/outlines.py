"""An outline as plain values for a stored question, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import rfc8785

from services.negotiation.domain.terms import Outline


def outline_details(outline: Outline) -> dict[str, Any]:
    values = asdict(outline)
    values["first_due_on"] = outline.first_due_on.isoformat()
    values["pause_until"] = outline.pause_until.isoformat() if outline.pause_until else None
    values["steps"] = [list(step) for step in outline.steps]
    return values


def outline_from(details: Mapping[str, Any]) -> Outline:
    pause_until = details["pause_until"]
    return Outline(
        **{
            **details,
            "first_due_on": date.fromisoformat(details["first_due_on"]),
            "pause_until": date.fromisoformat(pause_until) if pause_until else None,
            "steps": tuple((count, amount) for count, amount in details["steps"]),
        }
    )


def outline_id(case_id: UUID, outline: Outline) -> UUID:
    """One name for one outline of one case, so that the same question is not open twice."""
    return uuid5(case_id, rfc8785.dumps(outline_details(outline)).hex())
