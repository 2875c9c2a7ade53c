"""A query: the assessments of one case, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.assessment.application.ports import AssessmentWork, KeptAssessment
from services.assessment.domain.case_file import CaseFile
from shared.kernel.refusal import NotFound

LIMIT_MAX = 200


@dataclass(frozen=True, slots=True)
class CaseAssessments:
    """A case's file and its newest assessments."""

    file: CaseFile
    assessments: list[KeptAssessment]


async def list_assessments(work: AssessmentWork, case_id: UUID, *, limit: int) -> CaseAssessments:
    """Raises NotFound for a case that was never received here."""
    file = await work.case_files.find(case_id)
    if file is None:
        raise NotFound("case_unknown", "no such case")
    return CaseAssessments(file, await work.assessments.newest(case_id, min(limit, LIMIT_MAX)))
