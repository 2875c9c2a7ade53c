"""Documents of the case to keep: sealed copies of agreements, and the certificate that the debt is cleared."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response

from services.negotiation.application.certify_clearance import certify_clearance
from services.negotiation.application.show_documents import list_documents, open_document
from services.negotiation.entrypoints.documents.answers import pdf
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import Section, language_of, render, section_router
from services.negotiation.entrypoints.portal.texts.papers import DOCUMENTS
from services.negotiation.entrypoints.portal.visitor import Visitor

PATH = "/portal/documents"

router = section_router()
SECTION = Section(PATH, "Documents", "文件", router)


@router.get(PATH)
async def see_documents(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    documents = await list_documents(resources, visit.case_id)
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        clearance = await work.clearances.of_case(visit.case_id)
    values = {"documents": documents, "clearance": clearance, "check_page": resources.papers.check_page}
    return render(request, visit, "documents.html", texts=DOCUMENTS, case=case, values=values)


@router.get(PATH + "/clearance")
async def get_certificate(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    certificate = await certify_clearance(resources, visit.case_id, language_of(request, visit))
    return pdf(certificate.content, "certificate")


@router.get(PATH + "/{document_id}")
async def get_document(document_id: UUID, visit: Visitor, resources: ResourcesOf) -> Response:
    document, content = await open_document(resources, visit.case_id, document_id)
    return pdf(content, f"{document.kind}-{document.code}")
