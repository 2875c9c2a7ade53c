"""Duties around an agency that collects for others: yearly evaluation, training, the licence."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import (
    Answer,
    Given,
    MissingFact,
    read_choice,
    read_day,
    read_day_if_any,
    text,
    years_after,
)

YEARS_BETWEEN = 1
_CLAUSES = {
    "agency_evaluation": ("GB/T 45251-2025 5.4", "official_secondary"),
    "staff_training": ("NIFA 互联网金融贷后催收业务指引 2024", "secondary"),
    "staff_examination": ("NIFA 互联网金融贷后催收业务指引 2024", "secondary"),
}
EVALUATION_CRITERIA = ("compliance", "quality_and_results", "information_security")


def yearly_duty(given: Given) -> Answer:
    """Whether what must be done at least once a year has been; an evaluation is also due before the agreement ends.

    `duty` (agency_evaluation, staff_training, staff_examination), `last_on`, `check_on`, `agreement_ends_on`.
    """
    duty = read_choice(given, "duty", frozenset(_CLAUSES))
    last_on, check_on = read_day(given, "last_on"), read_day(given, "check_on")
    due_on = years_after(last_on, YEARS_BETWEEN)
    ends_on = read_day_if_any(given, "agreement_ends_on")
    if duty == "agency_evaluation" and ends_on is not None:
        due_on = min(due_on, ends_on)
    clause, confidence = _CLAUSES[duty]
    return {"is_done": check_on <= due_on, "due_on": text(due_on), "clause": clause, "confidence": confidence}


def may_collect_for_others(given: Given) -> Answer:
    """Whether an agency may collect for a client in Singapore: only with the licence (Debt Collection Act 2022).

    `is_licensed`, `on`: the Act has been in force since 2023-12-01.
    """
    if not isinstance(given.get("is_licensed"), bool):
        raise MissingFact("is_licensed")
    needs_licence = read_day(given, "on") >= read_day({"in_force": "2023-12-01"}, "in_force")
    return {"may_collect": given["is_licensed"] or not needs_licence, "clause": "Debt Collection Act 2022 (SG)"}


def may_entrust(given: Given) -> Answer:
    """Whether a Chinese institution may go on giving cases to an agency: agreed, on its list, evaluated in time.

    `is_on_published_list`, `agreement_ends_on`, `last_evaluated_on`, `on`.
    """
    on, ends_on = read_day(given, "on"), read_day(given, "agreement_ends_on")
    duty = {"duty": "agency_evaluation", "last_on": given.get("last_evaluated_on"), "check_on": on}
    lacks = [
        name
        for name, is_there in (
            ("agreement", on <= ends_on),
            ("publication", given.get("is_on_published_list") is True),
            ("evaluation", given.get("last_evaluated_on") is not None and yearly_duty(duty)["is_done"]),
        )
        if not is_there
    ]
    return {
        "may_entrust": not lacks,
        "lacks": lacks,
        "clause": "GB/T 45251-2025 5.4",
        "confidence": "official_secondary",
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "yearly_duty": yearly_duty,
    "may_collect_for_others": may_collect_for_others,
    "may_entrust": may_entrust,
}
