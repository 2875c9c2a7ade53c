"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.assessment.domain.assessment import Assessment, Model
from services.assessment.domain.case_file import CaseFile
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """An assessment as it is kept: with what caused it, by which model, and whether it was announced."""

    assessment_id: UUID
    case_id: UUID
    assessed_at: datetime
    trigger: str
    model: str
    model_sha256: str
    sha256: str
    is_announced: bool
    assessment: Assessment


class CaseFiles(Protocol):
    """The files on cases. `load` locks what it finds until the transaction ends; unknown cases are absent."""

    async def load(self, case_ids: Collection[UUID]) -> dict[UUID, CaseFile]: ...

    async def save(self, files: Sequence[CaseFile]) -> None: ...

    async def find(self, case_id: UUID) -> CaseFile | None: ...


class Assessments(Protocol):
    """Every assessment that differed from the one before it; never changed, and gone when the person is erased."""

    async def add(self, kept: Sequence[KeptAssessment]) -> None: ...

    async def newest(self, case_id: UUID, limit: int) -> list[KeptAssessment]: ...

    async def forget(self, case_ids: Sequence[UUID]) -> None: ...


class AssessmentWork(Protocol):
    """One transaction of assessment."""

    @property
    def case_files(self) -> CaseFiles: ...

    @property
    def assessments(self) -> Assessments: ...

    @property
    def now(self) -> datetime: ...

    def announce(self, body: EventBody, caused_by: Event[Any]) -> None: ...


class Reasons(Protocol):
    """The texts of the reason codes."""

    def text(self, code: str) -> Mapping[str, str]:
        """{"en": ..., "zh": ...}. Raises KeyError for a code without texts; a test keeps the list complete."""
        ...


@dataclass(frozen=True)
class ModelInUse:
    """The model in use and the documents it was read from."""

    model: Model
    scorecard_document: Mapping[str, Any]
    treatment_document: Mapping[str, Any]


@dataclass(frozen=True)
class Resources:
    """What the entry points of assessment are given. `work` wraps a transaction that somebody else commits."""

    clock: Clock
    model_in_use: ModelInUse
    reasons: Reasons
    staff_token: str
    begin: Callable[[], AbstractAsyncContextManager[AssessmentWork]]
    work: Callable[[Transaction], AssessmentWork]
