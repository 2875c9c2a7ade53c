"""Corrections of credit records and calm questions, for the borrower and for staff."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.negotiation.application.send_corrections import correction_file
from services.negotiation.application.show_fresh_start import (
    FreshStart,
    answer_question,
    find_correction,
    list_aftercare,
    list_corrections,
    note_answer,
    note_sent,
    show_fresh_start,
)
from services.negotiation.domain.fresh_start.check_ins import CheckIn, CheckInState
from services.negotiation.domain.fresh_start.corrections import Correction, CorrectionAnswer, CorrectionState
from services.negotiation.entrypoints.documents.answers import pdf
from services.negotiation.entrypoints.http import NO_STORE
from services.negotiation.entrypoints.identity import BorrowersCase, ResourcesOf
from services.negotiation.entrypoints.schemas import Closed, dumped
from shared.service.staff import Staff

router = APIRouter(prefix="/v1")

Language = Literal["en", "zh"]


class QuestionAnswer(Closed):
    answer: Literal["well", "needs_help"]


class StaffAnswer(Closed):
    answer: Literal["well", "needs_help", "passed_over"]


class LenderAnswer(Closed):
    answer: CorrectionAnswer


@router.get("/borrower/fresh-start", tags=["borrower"])
async def see_fresh_start(case_id: BorrowersCase, resources: ResourcesOf, lang: Language | None = None) -> Response:
    """The clearance, how the correction of the credit record goes, and the calm question of today, if there is one."""
    async with resources.begin(case_id) as work:
        return _json(_fresh_start(await show_fresh_start(work, case_id, lang)))


@router.post("/borrower/fresh-start/questions/{days}", tags=["borrower"])
async def answer(case_id: BorrowersCase, days: int, body: QuestionAnswer, resources: ResourcesOf) -> Response:
    return await _answer(resources, case_id, days, body.answer)


@router.get("/aftercare", dependencies=[Staff], tags=["staff"])
async def see_aftercare(due: date, resources: ResourcesOf, state: CheckInState = "open") -> Response:
    """Questions due by a day: open ones, or whoever asked for help. At most 500. Nobody is contacted from here."""
    found = await list_aftercare(resources.begin, due, state)
    return _json({"check_ins": [_check_in(entry) for entry in found]})


@router.post("/cases/{case_id}/aftercare/{days}", dependencies=[Staff], tags=["staff"])
async def answer_for(case_id: UUID, days: int, body: StaffAnswer, resources: ResourcesOf) -> Response:
    return await _answer(resources, case_id, days, body.answer)


@router.get("/corrections", dependencies=[Staff], tags=["staff"])
async def see_corrections(resources: ResourcesOf, state: CorrectionState = "requested") -> Response:
    """Requests to correct a credit record in one state, the oldest first, at most 500."""
    now = resources.clock.now()
    found = await list_corrections(resources.begin, state)
    return _json({"corrections": [{**_correction(c), "is_overdue": c.is_overdue(now)} for c in found]})


@router.get("/corrections/{correction_id}/letter", dependencies=[Staff], tags=["staff"], response_class=Response)
async def download_letter(correction_id: UUID, resources: ResourcesOf) -> Response:
    file = await correction_file(await find_correction(resources.begin, correction_id), resources.papers)
    return pdf(file.letter, "correction")


@router.get("/corrections/{correction_id}/facts", dependencies=[Staff], tags=["staff"])
async def download_facts(correction_id: UUID, resources: ResourcesOf) -> Response:
    file = await correction_file(await find_correction(resources.begin, correction_id), resources.papers)
    return Response(file.facts, media_type="application/json", headers=NO_STORE)


@router.post("/corrections/{correction_id}/sent", dependencies=[Staff], tags=["staff"])
async def say_sent(correction_id: UUID, resources: ResourcesOf) -> Response:
    """People handed it over by another way."""
    return _json(_correction(await note_sent(resources.begin, correction_id)))


@router.post("/corrections/{correction_id}/answer", dependencies=[Staff], tags=["staff"])
async def say_answer(correction_id: UUID, body: LenderAnswer, resources: ResourcesOf) -> Response:
    return _json(_correction(await note_answer(resources.begin, correction_id, body.answer)))


async def _answer(
    resources: ResourcesOf, case_id: UUID, days: int, given: Literal["well", "needs_help", "passed_over"]
) -> Response:
    async with resources.begin(case_id) as work:
        check_in = await answer_question(work, case_id, days, given)
        await work.commit()
    return _json(_check_in(check_in))


def _fresh_start(view: FreshStart) -> dict[str, Any]:
    return {
        "clearance": {
            "code": view.clearance.code,
            "status": "withdrawn" if view.clearance.withdrawn_at else "valid",
            "cleared_at": view.clearance.cleared_at,
        },
        "correction": _correction(view.correction) if view.correction else None,
        "question": {"days": view.question.days, "words": view.words} if view.question else None,
        "hints": view.hints,
    }


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "correction_id": correction.correction_id,
        "case_id": correction.case_id,
        "creditor_id": correction.creditor_id,
        "outcome": correction.outcome,
        "state": correction.state,
        "attempts": correction.attempts,
        "requested_at": correction.requested_at,
        "sent_at": correction.sent_at,
        "answer_due_at": correction.answer_due_at,
        "answer": correction.answer,
        "answered_at": correction.answered_at,
    }


def _check_in(check_in: CheckIn) -> dict[str, Any]:
    return {
        "case_id": check_in.case_id,
        "days": check_in.days,
        "due_on": check_in.due_on,
        "cause": check_in.cause,
        "state": check_in.state,
        "answered_at": check_in.answered_at,
    }


def _json(value: dict[str, Any]) -> Response:
    return Response(dumped(value), media_type="application/json", headers=NO_STORE)
