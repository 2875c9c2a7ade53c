"""Relief on the pages: ask for it, bring papers, see what was decided, say how things are, take it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast, get_args
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources, Work
from services.negotiation.application.request_relief import (
    Circumstances,
    ReliefWish,
    answer_review,
    bring_evidence,
    request_relief,
    withdraw_relief,
)
from services.negotiation.application.upload_evidence import list_evidence, upload_evidence
from services.negotiation.domain.relief.causes import MONTHS_ASKED_MAX, Cause, EvidenceKind, Form
from services.negotiation.domain.relief.files import FILE_BYTES_MAX
from services.negotiation.domain.relief.refusals import FileRefused
from services.negotiation.domain.relief.request import OPEN, UNDECIDED, Relief
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import (
    HEADERS,
    FieldFault,
    FormFaults,
    Section,
    Visit,
    language_of,
    render,
    section_router,
    status_of,
)
from services.negotiation.entrypoints.portal.texts.relief import RELIEF
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor
from services.negotiation.entrypoints.relief_texts import (
    ALTERNATIVES,
    CAUSES,
    EVIDENCE,
    FORMS,
    REASONS,
    REFUSALS,
    STATES,
    told,
)
from services.negotiation.entrypoints.wording import refusal_text
from shared.db.idempotency import request_hash
from shared.kernel.refusal import NotFound, Refusal

PATH = "/portal/relief"
WORDS = {
    "states": STATES,
    "causes": CAUSES,
    "forms": FORMS,
    "kinds": EVIDENCE,
    "reasons": REASONS,
    "else": ALTERNATIVES,
}
CIRCUMSTANCES: tuple[Circumstances, ...] = get_args(Circumstances)

router = section_router()
SECTION = Section(PATH, "Relief", "帮扶", router)


@router.get(PATH)
async def see_relief(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _page(request, visit, resources)


@router.post(PATH)
async def ask(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        currency = (await work.cases.read(visit.case_id)).currency
    wish = _wish(sent, currency)

    async def act(work: Work) -> Relief:
        return await request_relief(work, visit.case_id, wish)

    return await _done(request, visit, sent, resources, act)


@router.post(PATH + "/{relief_id}/papers")
async def bring(relief_id: UUID, request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    kind = cast(EvidenceKind, sent.choice("kind", list(get_args(EvidenceKind))))
    given = sent.files.get("file", [])
    # One byte more than may be kept tells a file that is too large, without reading all of it.
    content = await given[0].read(FILE_BYTES_MAX + 1) if given else b""
    if not content:
        sent.faults.append(FieldFault("file", RELIEF["no_file"][_index(request, visit)]))
    if sent.faults:
        return await _page(request, visit, resources, sent=sent, faults=tuple(sent.faults))
    try:
        file = await upload_evidence(resources.begin, resources.sealer, visit.case_id, kind, content)
    except FileRefused as refusal:
        said = told(REFUSALS, refusal.code, language_of(request, visit))
        return await _page(request, visit, resources, sent=sent, faults=(FieldFault("file", said),))

    async def act(work: Work) -> Relief:
        return await bring_evidence(work, visit.case_id, relief_id, [file.file_id])

    return await _done(request, visit, sent, resources, act)


@router.post(PATH + "/{relief_id}/withdraw")
async def withdraw(
    relief_id: UUID, request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf
) -> Response:
    async def act(work: Work) -> Relief:
        return await withdraw_relief(work, visit.case_id, relief_id)

    return await _done(request, visit, sent, resources, act)


@router.post(PATH + "/{relief_id}/circumstances")
async def tell(relief_id: UUID, request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    answer = cast(Circumstances, sent.choice("circumstances", list(CIRCUMSTANCES)))

    async def act(work: Work) -> Relief:
        return await answer_review(work, visit.case_id, relief_id, answer)

    return await _done(request, visit, sent, resources, act)


async def _done(
    request: Request, visit: Visit, sent: Sent, resources: Resources, act: Callable[[Work], Awaitable[Relief]]
) -> Response:
    """Act once for this form, and show the requests as they stand then; or what is wrong with it."""
    try:
        sent.check()
        async with resources.begin(visit.case_id) as work:

            async def answer() -> bytes:
                return str((await act(work)).relief_id).encode()

            hashed = request_hash(request.url.path.encode(), *(f"{k}={v}".encode() for k, v in sent.fields.items()))
            await once(work, scope=f"relief:{visit.case_id}", key=sent.key, request_hash=hashed, act=answer)
    except FormFaults as refusal:
        return await _page(request, visit, resources, sent=sent, faults=refusal.faults)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, visit, resources, sent=sent, refusal=refusal)
    return RedirectResponse(f"{PATH}?said=noted", status_code=303, headers=HEADERS)


def _wish(sent: Sent, currency: str) -> ReliefWish:
    cause = cast(Cause, sent.choice("cause", list(get_args(Cause))))
    form = cast(Form, sent.choice("form", list(get_args(Form))))
    months = sent.number("months", first=1, last=MONTHS_ASKED_MAX) or 1
    monthly = sent.amount("monthly", currency, is_needed=False) if form == "reduced" else None
    return ReliefWish(cause, form, months, monthly, ())


async def _page(
    request: Request,
    visit: Visit,
    resources: Resources,
    *,
    sent: Sent | None = None,
    faults: tuple[FieldFault, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        requests = await work.reliefs.of_case(visit.case_id)
        files = await list_evidence(work, visit.case_id)
    language = language_of(request, visit)
    values = {
        "requests": requests,
        "is_open": any(relief.state in OPEN for relief in requests),
        "undecided": UNDECIDED,
        "open_states": OPEN,
        "kind_of": {file.file_id: file.kind for file in files},
        "given": sent.fields if sent else {},
        "say": lambda words, code: told(WORDS[words], code, language),
        "causes": [(code, told(CAUSES, code, language)) for code in get_args(Cause)],
        "forms_of_relief": [(code, told(FORMS, code, language)) for code in get_args(Form)],
        "kinds": [(code, told(EVIDENCE, code, language)) for code in get_args(EvidenceKind)],
        "months_max": MONTHS_ASKED_MAX,
        "is_noted": request.query_params.get("said") == "noted",
        "refusal": _refusal_text(refusal, language) if refusal else None,
    }
    status = 422 if faults else status_of(refusal) if refusal else 200
    return render(
        request, visit, "relief.html", texts=RELIEF, status=status, faults=faults, case=case, here=PATH, values=values
    )


WORDS = {
    "states": STATES,
    "causes": CAUSES,
    "forms": FORMS,
    "kinds": EVIDENCE,
    "reasons": REASONS,
    "else": ALTERNATIVES,
}


def _refusal_text(refusal: Refusal, language: str) -> str:
    if refusal.code in REFUSALS:
        return told(REFUSALS, refusal.code, language)
    return refusal_text(refusal.code, language)


def _index(request: Request, visit: Visit) -> int:
    return 1 if language_of(request, visit) == "zh" else 0
