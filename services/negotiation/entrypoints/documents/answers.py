"""Answers about agreements and documents over HTTP."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import Response

from services.negotiation.application.agreement_ports import AcceptanceRecord, Document, Withdrawal
from services.negotiation.application.check_document import DocumentFinding
from services.negotiation.application.prepare_agreement import ShownAgreement
from services.negotiation.application.withdraw_from_plan import RefundAsked
from services.negotiation.entrypoints.schemas import Closed

PDF_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class WithdrawRequest(Closed):
    """`refund`: whether what was paid under the plan is asked back; kept money stays paid towards the debt."""

    refund: Literal["asked", "not_asked"] = "not_asked"


def pdf(content: bytes, name: str) -> Response:
    """A file to keep: never shown inside the page it comes from."""
    disposition = f'attachment; filename="{name}.pdf"'
    headers = {**PDF_HEADERS, "Content-Disposition": disposition}
    return Response(content, media_type="application/pdf", headers=headers)


def agreement_answer(shown: ShownAgreement) -> dict[str, Any]:
    return {
        "language": shown.text.language,
        "title": shown.text.title,
        "clauses": [
            {"code": clause.code, "heading": clause.heading, "sentences": clause.sentences}
            for clause in shown.text.clauses
        ],
        "schedule": [{"number": n, "due_on": day, "amount": amount} for n, day, amount in shown.text.schedule],
        "terms_hash": shown.terms_hash,
        "text_hash": shown.text.text_hash,
        "texts_version": shown.texts_version,
        "cooling_off_days": shown.cooling_off.days,
    }


def document_answer(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "kind": document.kind,
        "plan_id": document.subject_id,
        "language": document.language,
        "content_hash": document.content_hash,
        "code": document.code,
        "created_at": document.created_at,
    }


def acceptance_answer(record: AcceptanceRecord) -> dict[str, Any]:
    a = record.acceptance
    return {
        "plan_id": record.plan_id,
        "offer_id": record.offer_id,
        "how": a.how,
        "accepted_at": record.accepted_at,
        "cooling_off_until": record.cooling_off_until,
        "terms_hash": record.terms_hash,
        "text_hash": record.text_hash,
        "was_text_shown": a.shown_text_hash == record.text_hash,
        "texts_version": record.texts_version,
        "language": record.language,
        "second_factor": a.second_factor,
        "session_hash": a.session_hash,
        "network_hash": a.network_hash,
        "idempotency_hash": a.idempotency_key,
        "document_id": record.document_id,
    }


def withdrawal_answer(withdrawal: Withdrawal) -> dict[str, Any]:
    return {
        "plan_id": withdrawal.plan_id,
        "withdrawn_at": withdrawal.withdrawn_at,
        "refund": "asked" if withdrawal.is_refund_asked else "not_asked",
        "paid": withdrawal.paid,
        "currency": withdrawal.currency,
    }


def refund_asked_answer(asked: RefundAsked) -> dict[str, Any]:
    return {
        "case_id": asked.withdrawal.case_id,
        **withdrawal_answer(asked.withdrawal),
        "held": asked.held,
        "returned": asked.returned,
        "at_creditor": asked.at_creditor,
    }


def finding_answer(finding: DocumentFinding) -> dict[str, Any]:
    return {
        "answer": finding.answer,
        "is_genuine": finding.is_genuine,
        "kind": finding.kind,
        "issued_at": finding.issued_at,
        "content_hash": finding.content_hash,
        "withdrawn_at": finding.withdrawn_at,
    }
