"""The documents of a case, for the borrower and for staff. A copy that could not be made in time is made now."""

from __future__ import annotations

from uuid import UUID

from services.negotiation.application.agreement_ports import AcceptanceRecord, Document, PaperNotMade, Papers
from services.negotiation.application.draw_agreement import Drawn, draw, make_copy
from services.negotiation.application.ports import Plan, Resources, Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import NoSuchThing


async def list_documents(resources: Resources, case_id: UUID) -> list[Document]:
    """The newest first. Raises NoSuchThing for an unknown case or one whose person was erased."""
    async with resources.begin(case_id) as work:
        documents, missing = await _on_file(work, resources, case_id)
    for drawn in missing:
        if (document := await _make_now(resources, drawn)) is not None:
            documents.append(document)
    return sorted(documents, key=lambda document: document.created_at, reverse=True)


async def open_document(resources: Resources, case_id: UUID, document_id: UUID) -> tuple[Document, bytes]:
    """The sealed file as it was given out, byte for byte. Raises NoSuchThing."""
    async with resources.begin(case_id) as work:
        await _readable(work, case_id)
        return await work.agreements.content(case_id, document_id)


async def show_acceptances(work: Work, case_id: UUID) -> list[AcceptanceRecord]:
    """The evidence of every agreement of a case, the newest first; for staff and counsel."""
    await work.cases.read(case_id)
    return await work.agreements.acceptances(case_id)


async def _readable(work: Work, case_id: UUID) -> None:
    if (await work.cases.read(case_id)).is_erased:
        raise NoSuchThing("case")


async def _on_file(work: Work, resources: Resources, case_id: UUID) -> tuple[list[Document], list[Drawn]]:
    """What is there, and agreements whose copy is missing, drawn as they were agreed."""
    case = await work.cases.read(case_id)
    if case.is_erased:
        raise NoSuchThing("case")
    documents = await work.agreements.documents(case_id)
    known = {document.subject_id for document in documents}
    lacking = {r.plan_id: r for r in await work.agreements.acceptances(case_id) if r.plan_id not in known}
    plans = await work.plans.load(lacking)
    return documents, [
        _as_agreed(case, plans[plan_id], record, resources.papers) for plan_id, record in lacking.items()
    ]


def _as_agreed(case: CaseFile, plan: Plan, record: AcceptanceRecord, papers: Papers) -> Drawn:
    """Whether it told of a debt too old to be sued on is in the hash of its text: facts have moved on since."""
    drawn = [
        draw(
            case,
            plan.terms,
            papers,
            plan_id=plan.plan_id,
            owed=record.owed,
            agreed_at=plan.agreed_at,
            language=record.language,
            is_time_barred=is_barred,
        )
        for is_barred in (False, True)
    ]
    return next((each for each in drawn if each.text.text_hash == record.text_hash), drawn[0])


async def _make_now(resources: Resources, drawn: Drawn) -> Document | None:
    names = await resources.vault.reveal(drawn.case_id)
    try:
        document, content = await make_copy(drawn, resources.papers, names.creditor if names else None)
    except PaperNotMade:
        return None
    async with resources.begin(drawn.case_id) as work:
        # The lock of the case: two who ask at once get one copy.
        await work.cases.for_change([drawn.case_id])
        for known in await work.agreements.documents(drawn.case_id):
            if known.subject_id == drawn.plan_id:
                return known
        await work.agreements.keep(document, content)
        await work.commit()
    return document
