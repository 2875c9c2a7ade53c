"""What was shown, how it was accepted, and the copy: kept in the transaction that agrees, and never changed."""

from __future__ import annotations

from services.negotiation.application.agreement_ports import AcceptanceRecord
from services.negotiation.application.announcements import Copy, seal
from services.negotiation.application.ports import Plan, Work
from services.negotiation.application.prepare_agreement import PreparedAgreement
from services.negotiation.domain.agreement.text import TEXTS_VERSION
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import TermsChanged
from services.negotiation.domain.terms import Terms


def refuse_other_terms(prepared: PreparedAgreement | None, case: CaseFile, terms: Terms) -> None:
    """Raises TermsChanged where the copy is of other terms than are agreed now, or another text was shown."""
    if prepared is None:
        return
    drawn, shown = prepared.drawn, prepared.acceptance.shown_text_hash
    is_same = drawn.terms_hash == seal(terms) and drawn.owed == case.books.balance and drawn.case_id == case.case_id
    if not is_same or shown not in (None, drawn.text.text_hash):
        raise TermsChanged


async def keep_evidence(work: Work, plan: Plan, prepared: PreparedAgreement) -> Copy:
    drawn, document = prepared.drawn, prepared.document
    if document is not None:
        await work.agreements.keep(document, prepared.content)
    await work.agreements.record(
        AcceptanceRecord(
            plan_id=plan.plan_id,
            case_id=plan.case_id,
            creditor_id=plan.creditor_id,
            offer_id=plan.offer_id,
            terms_hash=plan.terms_hash,
            text_hash=drawn.text.text_hash,
            texts_version=TEXTS_VERSION,
            language=drawn.text.language,
            owed=drawn.owed,
            acceptance=prepared.acceptance,
            accepted_at=work.now,
            cooling_off_until=drawn.cooling_off_until,
            document_id=document.document_id if document is not None else None,
        )
    )
    return Copy(
        drawn.cooling_off_until,
        document.content_hash if document is not None else None,
        document.code.lower() if document is not None else None,
    )
