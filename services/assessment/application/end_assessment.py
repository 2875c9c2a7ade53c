"""On case.recalled and case.closed: the case is not assessed any more."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.assessment.application.assessing import CaseFileMissing
from services.assessment.application.ports import AssessmentWork
from services.assessment.domain.terms import CaseStatus
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.envelope import Event


async def end_recalled(work: AssessmentWork, events: Sequence[Event[CaseRecalled]]) -> None:
    await _end(work, [event.body.case_id for event in events], "recalled")


async def end_closed(work: AssessmentWork, events: Sequence[Event[CaseClosed]]) -> None:
    await _end(work, [event.body.case_id for event in events], "closed")


async def _end(work: AssessmentWork, case_ids: Sequence[UUID], status: CaseStatus) -> None:
    files = await work.case_files.load(set(case_ids))
    for case_id in case_ids:
        if case_id not in files:
            raise CaseFileMissing(str(case_id))
        files[case_id].end(status)
    await work.case_files.save(list(files.values()))
