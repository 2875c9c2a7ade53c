"""Reads the desk's terms from YAML; out of form stops the start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import yaml

from services.outreach.domain.desk.deadlines import Term, Terms
from services.outreach.domain.desk.matter import COMPLEXITIES

FILE = Path(__file__).parent / "desk_terms.yaml"


def load_terms(file: Path = FILE) -> Terms:
    """Raises ValueError, KeyError or TypeError where the file is out of form."""
    document = yaml.safe_load(file.read_text("utf-8"))
    answer = {
        place: {complexity: Term(**entry) for complexity, entry in by_complexity.items()}
        for place, by_complexity in document["complaint"].items()
    }
    for place, known in answer.items():
        if sorted(known) != sorted(COMPLEXITIES):
            raise ValueError(f"{place} needs a term for each complexity")
    return Terms(
        answer=answer,
        dispute_days=document["dispute_days"],
        acknowledge_working_days=document["acknowledge_working_days"],
        summary_working_days=document["summary_working_days"],
        remind_before=timedelta(days=document["remind_before_days"]),
    )
