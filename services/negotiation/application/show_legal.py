"""Legal files as they are shown: the queue, one file with everything that decides about it, and the borrower's view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.negotiation.application.legal_facts import circumstances_of, limit_of
from services.negotiation.application.legal_ports import Counsel, DueDeadline, FileHead, HeardHandover
from services.negotiation.application.ports import Resources, Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.legal.entries import Entry
from services.negotiation.domain.legal.file import MOVES, SIGNED_STEPS, Document, LegalFile
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.law import LegalLaw, law_of
from services.negotiation.domain.legal.leave import FILINGS, CompletedChecklist, EnforcementLeave, LetterLeave
from services.negotiation.domain.legal.limitation import Limit
from services.negotiation.domain.legal.signature import CounselSignature
from services.negotiation.domain.legal.stops import Circumstances, Unhindered
from services.negotiation.domain.refusals import NoSuchThing

LIST_MAX = 500
REFUSED_MAX = 50


@dataclass(frozen=True, slots=True)
class FileView:
    """`missing`: for every step that may come next, the code of what it lacks; None where it may be taken."""

    file: LegalFile
    case: CaseFile
    entries: tuple[Entry, ...]
    standing: Circumstances
    limit: Limit
    law: LegalLaw | None
    deadlines: tuple[DueDeadline, ...]
    missing: Mapping[str, str | None]
    today: date

    @property
    def costs(self) -> int:
        return sum(cost.amount for cost in self.file.costs)


@dataclass(frozen=True, slots=True)
class CounselRecord:
    """What the borrower sees of counsel's part: a lawyer has looked, when, and what they decided."""

    step: str
    decision: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class LegalForBorrower:
    """A legal file as the person it is about sees it. `information`: the code of the sheet that fits."""

    legal_id: UUID
    state: str
    is_halted: bool
    outcome: str | None
    information: str
    opened_at: datetime
    respond_by: date | None
    pay_by: date | None
    hearings: tuple[tuple[date, str], ...]
    counsel: tuple[CounselRecord, ...]
    is_time_barred: bool


async def list_files(resources: Resources, state: str | None, limit: int, after: UUID | None) -> list[FileHead]:
    async with resources.begin(is_staff=True) as work:
        return await work.legal.find(state, min(limit, LIST_MAX), after)


async def list_refused(resources: Resources) -> list[HeardHandover]:
    """Hand-overs on which no file was opened, the newest first."""
    async with resources.begin(is_staff=True) as work:
        return await work.legal.refused_handovers(REFUSED_MAX)


async def show_counsel(resources: Resources, counsel_id: str) -> Counsel | None:
    async with resources.begin(is_staff=True) as work:
        return await work.legal.counsel(counsel_id)


async def show_file(resources: Resources, legal_id: UUID) -> FileView:
    async with resources.begin(is_staff=True) as work:
        case_id = await work.legal.case_of(legal_id)
    async with resources.begin(case_id, is_staff=True) as work:
        return await view_of(work, await work.legal.read(legal_id), resources.legal.key)


async def view_of(work: Work, file: LegalFile, key: bytes) -> FileView:
    case = await work.cases.read(file.case_id)
    standing = (await circumstances_of(work, {case.case_id: case}, {case.case_id: file}))[case.case_id]
    limit = await limit_of(work, case, file)
    now = work.now
    return FileView(
        file=file,
        case=case,
        entries=tuple(await work.legal.entries(file.legal_id)),
        standing=standing,
        limit=limit,
        law=law_of(file.jurisdiction),
        deadlines=tuple(await work.legal.deadlines(file.legal_id)),
        missing={
            step: lacking(file, step, standing, limit, case, now, key) for step in sorted(MOVES.get(file.state, ()))
        },
        today=case.today(now),
    )


def lacking(
    file: LegalFile, step: str, standing: Circumstances, limit: Limit, case: CaseFile, now: datetime, key: bytes
) -> str | None:
    """The code of the first thing that a step lacks; a claim is looked at for the whole of what is owed."""
    try:
        law = law_of(file.jurisdiction)
        if law is None:
            raise NotLawful("law_unknown", "how claims are brought there is not known")
        if step == "mediation":
            Unhindered(standing)
        if step not in SIGNED_STEPS:
            return None
        unhindered = Unhindered(standing)
        record = file.latest_signature(step)
        if record is None:
            raise NotLawful("not_signed", "counsel has not signed")
        ground = (file, CounselSignature(file.legal_id, record, key), unhindered, limit, now, case.today(now))
        if step in FILINGS:
            owed = min(case.books.balance, file.authority.amount_max) if file.authority else case.books.balance
            FILINGS[step](*ground, CompletedChecklist(file, law), owed, case.currency)
        else:
            (LetterLeave if step == "letter_before_action" else EnforcementLeave)(*ground)
    except NotLawful as refused:
        return refused.code
    return None


async def show_document(resources: Resources, legal_id: UUID, document_id: UUID) -> tuple[Document, bytes]:
    async with resources.begin(is_staff=True) as work:
        file = await work.legal.read(legal_id)
        document = next((each for each in file.documents if each.document_id == document_id), None)
        content = (await work.legal.contents(legal_id)).get(document_id)
    if document is None or content is None:
        raise NoSuchThing("document")
    return document, content


async def legal_for_borrower(work: Work, case_id: UUID) -> list[LegalForBorrower]:
    """Every legal file of the borrower's case, the newest first. `work` is opened for that case."""
    case = await work.cases.read(case_id)
    shown = []
    for head in await work.legal.of_case(case_id):
        file = await work.legal.read(head.legal_id)
        limit = await limit_of(work, case, file)
        shown.append(_for_borrower(file, is_time_barred=limit.is_over(case.today(work.now))))
    return shown


def _for_borrower(file: LegalFile, *, is_time_barred: bool) -> LegalForBorrower:
    return LegalForBorrower(
        legal_id=file.legal_id,
        state=file.state,
        is_halted=bool(file.halted_by),
        outcome=file.outcome,
        information="time_barred" if is_time_barred and file.state not in ("judgment", "enforcement") else file.state,
        opened_at=file.opened_at,
        respond_by=file.respond_by,
        pay_by=file.pay_by,
        hearings=tuple((hearing.on, hearing.place_kind) for hearing in file.hearings if hearing.outcome is None),
        counsel=tuple(CounselRecord(each.step, each.decision, each.signed_at) for each in file.signatures),
        is_time_barred=is_time_barred,
    )


def signable_steps(file: LegalFile) -> Sequence[str]:
    """The steps that counsel may be asked to sign where the file is now."""
    return sorted(MOVES.get(file.state, frozenset()) & SIGNED_STEPS)
