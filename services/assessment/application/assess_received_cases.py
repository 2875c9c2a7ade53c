"""On case.received: open a file on each case and assess it for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.assessment.application.assessing import Assessing
from services.assessment.application.ports import AssessmentWork
from services.assessment.domain.assessment import Model
from services.assessment.domain.case_facts import BEFORE_ALL_NEWS, CaseFacts
from services.assessment.domain.case_file import CaseFile
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.kernel.places import WIDEST_ZONES


async def assess_received_cases(work: AssessmentWork, model: Model, events: Sequence[Event[CaseReceived]]) -> None:
    """A case that has a file already keeps it: what is received once is not received again."""
    known = await work.case_files.load({event.body.case_id for event in events})
    assessing = Assessing(work, model)
    opened: dict[UUID, CaseFile] = {}
    for event in events:
        if event.body.case_id in known or event.body.case_id in opened:
            continue
        file = CaseFile(event.body.case_id, event.body.creditor_id, _facts(event.body))
        opened[file.case_id] = file
        assessing.assess(file, event)
    await work.case_files.save(list(opened.values()))
    await assessing.keep()


def _facts(body: CaseReceived) -> CaseFacts:
    return CaseFacts(
        currency=body.currency,
        time_zone=_time_zone(body),
        past_due_since=body.oldest_due_on,
        balance_minor_units=body.balance.total,
        balance_order=BEFORE_ALL_NEWS,
        arrears_minor_units=body.arrears,
        instalment_minor_units=body.instalment,
        instalments_paid=body.instalments_paid,
        instalments_missed=body.instalments_missed,
        annual_income_minor_units=body.annual_income,
        debt_to_income_basis_points=body.debt_to_income,
        employment_years=body.employment_years,
        delinquencies_two_years=body.delinquencies_two_years,
        is_homeowner=body.homeowner,
        lender_cause=body.arrears_cause,
    )


def _time_zone(body: CaseReceived) -> str:
    named = next((zone for point in body.contact_points for zone in point.time_zones), None)
    if named is None:
        return WIDEST_ZONES[body.jurisdiction][0]
    try:
        ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return WIDEST_ZONES[body.jurisdiction][0]
    return named
