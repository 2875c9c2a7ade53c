"""Assess many files, keep what changed, announce what others must act upon."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson

from services.assessment.application.ports import AssessmentWork, KeptAssessment
from services.assessment.domain.assessment import Assessment, Model, assess
from services.assessment.domain.case_file import CaseFile
from shared.events.body import EventBody
from shared.events.case_assessed import CaseAssessed
from shared.events.envelope import Event
from shared.kernel.identifiers import new_id

B = TypeVar("B", bound=EventBody)
MustAnnounce = Callable[[Event[Any]], bool]


def _if_changed(_: Event[Any]) -> bool:
    """An event that by itself is no reason to say anything: a changed treatment is."""
    return False


class CaseFileMissing(LookupError):
    """An event of a case came without its file, although it waits for it: the plumbing broke its promise."""


async def learn(
    work: AssessmentWork,
    model: Model,
    events: Sequence[Event[B]],
    take: Callable[[CaseFile, Event[B]], None],
    *,
    must_announce: MustAnnounce = _if_changed,
    may_announce: bool = True,
) -> None:
    """Let every event change its case's file, in order, and assess the open ones after each.

    `must_announce` is asked after `take`; `may_announce` False: the result is kept and nobody is told.

    After each event and not once a batch, so that what is kept and announced does not depend on where batches end.
    """
    files = await work.case_files.load({event.key for event in events})
    assessing = Assessing(work, model, must_announce=must_announce, may_announce=may_announce)
    for event in events:
        file = files.get(event.key)
        if file is None:
            raise CaseFileMissing(str(event.key))
        if file.status == "erased":
            continue
        take(file, event)
        assessing.assess(file, event)
    await work.case_files.save(list(files.values()))
    await assessing.keep()


class Assessing:
    """Collects the results of one batch."""

    def __init__(
        self,
        work: AssessmentWork,
        model: Model,
        *,
        must_announce: MustAnnounce = _if_changed,
        may_announce: bool = True,
    ) -> None:
        self._work = work
        self._model = model
        self._must_announce = must_announce
        self._may_announce = may_announce
        self._kept: list[KeptAssessment] = []

    def assess(self, file: CaseFile, event: Event[Any]) -> None:
        """Assess one open file because of an event; a recalled or closed case is left alone."""
        if not file.is_open:
            return
        result = assess(file.facts, self._model, business_date(self._work.now, file.facts.time_zone))
        digest = assessment_sha256(result)
        is_wanted = self._must_announce(event) or result.treatment_key != file.announced_key
        is_announced = self._may_announce and is_wanted
        if digest == file.latest_sha256 and not is_announced:
            return
        kept = KeptAssessment(
            assessment_id=new_id(),
            case_id=file.case_id,
            assessed_at=self._work.now,
            trigger=event.event_type,
            model=self._model.name,
            model_sha256=self._model.sha256,
            sha256=digest,
            is_announced=is_announced,
            assessment=result,
        )
        self._kept.append(kept)
        file.latest_sha256 = digest
        if is_announced:
            file.announced_key = result.treatment_key
            self._work.announce(_case_assessed(file, kept), event)

    async def keep(self) -> None:
        await self._work.assessments.add(self._kept)


def canonical_bytes(assessment: Assessment) -> bytes:
    """The same result gives the same bytes: dataclass fields in their order, points included, no times, no ids."""
    return orjson.dumps(assessment)


def assessment_sha256(assessment: Assessment) -> str:
    return hashlib.sha256(canonical_bytes(assessment)).hexdigest()


def business_date(at: datetime, time_zone: str) -> date:
    return at.astimezone(_zone(time_zone)).date()


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _case_assessed(file: CaseFile, kept: KeptAssessment) -> CaseAssessed:
    result = kept.assessment
    return CaseAssessed(
        case_id=file.case_id,
        creditor_id=file.creditor_id,
        assessment_id=kept.assessment_id,
        model=kept.model,
        trigger=kept.trigger,
        ability=result.ability,
        willingness=result.willingness,
        risk_grade=result.risk_grade,
        stage=result.stage,
        segment=result.segment,
        strategy=result.strategy,
        arrears_cause=result.arrears_cause,
        is_vulnerable=result.is_vulnerable,
        affordable_monthly=result.affordable_monthly_minor_units,
        reason_codes=result.reason_codes,
    )
