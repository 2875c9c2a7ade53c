"""A fresh start as the borrower and staff see it, and the answers that people give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.ports import Clearance, OpenWork, Work
from services.negotiation.domain.agreement.refusals import NotCleared
from services.negotiation.domain.fresh_start.check_ins import CheckIn, CheckInAnswer, CheckInState, answer_check_in
from services.negotiation.domain.fresh_start.corrections import (
    Correction,
    CorrectionAnswer,
    CorrectionState,
    answered,
    sent,
)
from services.negotiation.domain.fresh_start.texts import QUESTIONS, hints
from services.negotiation.domain.refusals import NoSuchThing

LIST_MAX = 500


@dataclass(frozen=True, slots=True)
class FreshStart:
    """`question` is the calm question that is open today, with its words and hints; None on other days."""

    clearance: Clearance
    correction: Correction | None
    question: CheckIn | None
    words: tuple[str, ...]
    hints: tuple[str, ...]


async def show_fresh_start(work: Work, case_id: UUID, language: str | None = None) -> FreshStart:
    """Raises NoSuchThing, NotCleared."""
    case = await work.cases.read(case_id)
    if case.is_erased:
        raise NoSuchThing("case")
    clearance = await work.clearances.of_case(case_id)
    if clearance is None:
        raise NotCleared
    spoken = language if language in QUESTIONS else case.language
    today = case.today(work.now)
    asked = [] if clearance.withdrawn_at is not None else await work.fresh_starts.check_ins(case_id)
    question = next((check_in for check_in in asked if check_in.is_due(today)), None)
    cause = asked[0].cause if asked else "unknown"
    return FreshStart(
        clearance=clearance,
        correction=await work.fresh_starts.of_case(case_id),
        question=question,
        words=QUESTIONS[spoken] if question is not None else (),
        hints=hints(cause, spoken),
    )


async def answer_question(work: Work, case_id: UUID, days: int, answer: CheckInAnswer) -> CheckIn:
    """By the borrower on the page, or by staff. Raises NoSuchThing, CheckInAnswered. The caller commits."""
    await case_for_borrower(work, case_id)
    for check_in in await work.fresh_starts.check_ins(case_id):
        if check_in.days == days:
            given = answer_check_in(check_in, answer, work.now)
            await work.fresh_starts.save_check_in(given)
            return given
    raise NoSuchThing("check_in")


async def list_aftercare(begin: OpenWork, due: date, state: CheckInState = "open") -> list[CheckIn]:
    """For staff: questions due by a day in one state, the earliest first; `needs_help` are those who asked for it."""
    async with begin(is_staff=True) as work:
        return await work.fresh_starts.check_ins_due(due, state, LIST_MAX)


async def list_corrections(begin: OpenWork, state: CorrectionState) -> list[Correction]:
    async with begin(is_staff=True) as work:
        return await work.fresh_starts.in_state(state, LIST_MAX)


async def find_correction(begin: OpenWork, correction_id: UUID) -> Correction:
    async with begin(is_staff=True) as work:
        return await work.fresh_starts.find(correction_id)


async def note_sent(begin: OpenWork, correction_id: UUID) -> Correction:
    """People handed it over. Raises NoSuchThing, CorrectionDecided."""
    async with begin(is_staff=True) as work:
        correction = sent(await work.fresh_starts.find(correction_id), work.now)
        await work.fresh_starts.save([correction])
        await work.commit()
    return correction


async def note_answer(begin: OpenWork, correction_id: UUID, answer: CorrectionAnswer) -> Correction:
    """The lender answered. Raises NoSuchThing, CorrectionDecided."""
    async with begin(is_staff=True) as work:
        correction = answered(await work.fresh_starts.find(correction_id), answer, work.now)
        await work.fresh_starts.save([correction])
        await work.commit()
    return correction
