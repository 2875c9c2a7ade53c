"""What the Personal Information Protection Law of China (2021) asks before information goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.outreach.domain.law.dates import Answer, Given, read_choice


@dataclass(frozen=True, slots=True)
class Processing:
    """One kind of processing: what must be there. `for_counsel`: practice disagrees."""

    needs_separate_consent: bool
    must: tuple[str, ...]
    article: int
    for_counsel: bool = False


PROCESSING = {
    "entrusted": Processing(
        False,
        ("agreement_on_purpose_term_means_kinds_protection_duties", "supervision", "impact_assessment"),
        21,
    ),
    "handed_to_another_controller": Processing(
        True, ("notice_of_recipient_purpose_means_kinds", "impact_assessment"), 23, for_counsel=True
    ),
    "publication": Processing(True, ("impact_assessment",), 25),
    "automated_decision": Processing(False, ("explanation_on_request", "right_to_refuse", "impact_assessment"), 24),
}


def privacy_duties(given: Given) -> Answer:
    """`processing` (one of PROCESSING), `has_separate_consent` (optional). `may_proceed` speaks of consent alone."""
    kind = read_choice(given, "processing", frozenset(PROCESSING))
    processing = PROCESSING[kind]
    return {
        "needs_separate_consent": processing.needs_separate_consent,
        "must": list(processing.must),
        "may_proceed": given.get("has_separate_consent") is True or not processing.needs_separate_consent,
        "may_refuse_decision_by_machine_alone": kind == "automated_decision",
        "article": processing.article,
        "for_counsel": processing.for_counsel,
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"privacy_duties": privacy_duties}
