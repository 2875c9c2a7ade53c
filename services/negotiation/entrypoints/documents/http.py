"""Agreements and documents over HTTP: for the borrower, for staff, and the check for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from services.negotiation.application.certify_clearance import certify_clearance
from services.negotiation.application.check_document import check_document
from services.negotiation.application.once import once
from services.negotiation.application.prepare_agreement import show_agreement
from services.negotiation.application.show_documents import list_documents, open_document, show_acceptances
from services.negotiation.application.withdraw_from_plan import list_refunds_asked, withdraw_from_plan
from services.negotiation.entrypoints.documents import answers
from services.negotiation.entrypoints.documents.answers import WithdrawRequest, pdf
from services.negotiation.entrypoints.http import NO_STORE
from services.negotiation.entrypoints.identity import BorrowersCase, IdempotencyKey, ResourcesOf
from services.negotiation.entrypoints.schemas import dumped
from shared.db.idempotency import request_hash
from shared.service.staff import Staff

router = APIRouter()

TYPED_LENGTH_MAX = 400
Language = Literal["en", "zh"]


@router.get("/v1/borrower/offers/{offer_id}/agreement", tags=["borrower"])
async def see_agreement(
    case_id: BorrowersCase, offer_id: UUID, resources: ResourcesOf, lang: Language | None = None
) -> Response:
    """The whole text that one would agree to, in plain words; its `text_hash` goes back with the acceptance."""
    return _json(dumped(answers.agreement_answer(await show_agreement(resources, case_id, offer_id, lang))))


@router.get("/v1/borrower/documents", tags=["borrower"])
async def see_documents(case_id: BorrowersCase, resources: ResourcesOf) -> Response:
    documents = await list_documents(resources, case_id)
    return _json(dumped({"documents": [answers.document_answer(document) for document in documents]}))


@router.get("/v1/borrower/documents/{document_id}", tags=["borrower"], response_class=Response)
async def download_document(case_id: BorrowersCase, document_id: UUID, resources: ResourcesOf) -> Response:
    """The sealed PDF, byte for byte as it was given out."""
    document, content = await open_document(resources, case_id, document_id)
    return pdf(content, f"{document.kind}-{document.code}")


@router.get("/v1/borrower/clearance", tags=["borrower"], response_class=Response)
async def download_certificate(
    case_id: BorrowersCase, resources: ResourcesOf, lang: Language | None = None
) -> Response:
    """The certificate that the debt is cleared, sealed; it says so if it holds no more."""
    certificate = await certify_clearance(resources, case_id, lang)
    return pdf(certificate.content, "certificate")


@router.post("/v1/borrower/plans/{plan_id}/withdraw", tags=["borrower"])
async def withdraw(
    case_id: BorrowersCase,
    plan_id: UUID,
    body: WithdrawRequest,
    request: Request,
    key: IdempotencyKey,
    resources: ResourcesOf,
) -> Response:
    """Leave a plan inside its cooling-off: no reason is asked, and it costs nothing."""
    hashed = request_hash(str(plan_id).encode(), await request.body())
    async with resources.begin(case_id) as work:

        async def act() -> bytes:
            done = await withdraw_from_plan(work, case_id, plan_id, is_refund_asked=body.refund == "asked")
            return dumped(answers.withdrawal_answer(done))

        answer = await once(work, scope=f"withdraw:{case_id}", key=key, request_hash=hashed, act=act)
    return _json(answer.response, answer.status)


@router.get("/v1/cases/{case_id}/documents", dependencies=[Staff], tags=["staff"])
async def see_case_documents(case_id: UUID, resources: ResourcesOf) -> Response:
    documents = await list_documents(resources, case_id)
    return _json(dumped({"documents": [answers.document_answer(document) for document in documents]}))


@router.get(
    "/v1/cases/{case_id}/documents/{document_id}", dependencies=[Staff], tags=["staff"], response_class=Response
)
async def download_case_document(case_id: UUID, document_id: UUID, resources: ResourcesOf) -> Response:
    document, content = await open_document(resources, case_id, document_id)
    return pdf(content, f"{document.kind}-{document.code}")


@router.get("/v1/cases/{case_id}/acceptances", dependencies=[Staff], tags=["staff"])
async def see_acceptances(case_id: UUID, resources: ResourcesOf) -> Response:
    """The evidence of every agreement: what was shown, how and when it was accepted. Hashes, no addresses."""
    async with resources.begin(case_id) as work:
        records = await show_acceptances(work, case_id)
    return _json(dumped({"case_id": case_id, "acceptances": [answers.acceptance_answer(r) for r in records]}))


@router.get("/v1/withdrawals/refunds", dependencies=[Staff], tags=["staff"])
async def see_refunds_asked(resources: ResourcesOf) -> Response:
    """Withdrawals of which money is asked back, the oldest first, at most 500, and where that money lies.

    What is `at_creditor` the creditor gives back, and reports as taken back; of the rest refund orders are open.
    """
    found = await list_refunds_asked(resources.begin)
    return _json(dumped({"withdrawals": [answers.refund_asked_answer(asked) for asked in found]}))


@router.get("/v1/genuine/{code}", tags=["public"])
async def see_genuine(
    code: Annotated[str, Path(min_length=1, max_length=TYPED_LENGTH_MAX)], resources: ResourcesOf
) -> Response:
    """Whether a document with this code is ours and still holds. Says nothing about anybody."""
    return _json(dumped(answers.finding_answer(await check_document(resources, code))))


@router.get("/.well-known/concord-keys.json", tags=["public"])
async def see_keys(resources: ResourcesOf) -> Mapping[str, object]:
    """The public keys that codes of documents are checked with."""
    return resources.papers.published_keys()


@router.get("/.well-known/concord-seal.pem", tags=["public"], response_class=Response)
async def see_seal_certificate(resources: ResourcesOf) -> Response:
    """The certificate that the seals of documents are checked with."""
    return Response(resources.papers.seal_certificate(), media_type="application/x-pem-file")


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status_code=status, media_type="application/json", headers=NO_STORE)
