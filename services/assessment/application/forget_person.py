"""On person.erased: forget what was derived from the person, and stay closed to what may still come."""

from __future__ import annotations

from collections.abc import Sequence

from services.assessment.application.ports import AssessmentWork
from services.assessment.domain.case_facts import CaseFacts
from services.assessment.domain.case_file import CaseFile
from shared.events.envelope import Event
from shared.events.person_erased import PersonErased


async def forget_person(work: AssessmentWork, events: Sequence[Event[PersonErased]]) -> None:
    """Blank the facts and drop the assessments of every case of the person.

    A case that has not been heard of yet gets an empty file: order across topics is not promised, and a late
    case.received must not bring the facts back.
    """
    erased = {case_id: event.body for event in events for case_id in event.body.case_ids}
    files = await work.case_files.load(erased.keys())
    today = work.now.date()
    for case_id, body in erased.items():
        file = files.setdefault(case_id, CaseFile(case_id, body.creditor_id, CaseFacts.blank(today)))
        file.forget(today)
    await work.case_files.save(list(files.values()))
    await work.assessments.forget(list(erased))
