"""An agreement as text and as a sheet of paper: the clauses, and the record of who, when and what beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.negotiation.application.agreement_ports import Document, Papers, Section, Sheet
from services.negotiation.application.announcements import seal
from services.negotiation.domain.agreement.cooling_off import cooling_off_until, right_to_withdraw
from services.negotiation.domain.agreement.text import LABELS, TEXTS_VERSION, AgreementText, Places, agreement_text
from services.negotiation.domain.agreement.wording import moment
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.terms import Terms
from shared.kernel.genuine.code import code_of
from shared.kernel.genuine.token import DIGEST_BYTES
from shared.kernel.identifiers import new_id


@dataclass(frozen=True, slots=True)
class Drawn:
    """An agreement with everything that its copy says. `owed`: the balance before it, minor units."""

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    is_us: bool
    terms_hash: str
    owed: int
    text: AgreementText
    agreed_at: datetime
    cooling_off_until: datetime


def text_of(
    case: CaseFile, terms: Terms, owed: int, papers: Papers, language: str | None, *, is_time_barred: bool = False
) -> AgreementText:
    return agreement_text(
        terms,
        owed=owed,
        cooling_off=right_to_withdraw(case.jurisdiction, terms),
        places=Places(papers.contact, papers.check_page),
        language=language if language in LABELS else case.language,
        is_time_barred=is_time_barred,
    )


def draw(
    case: CaseFile,
    terms: Terms,
    papers: Papers,
    *,
    plan_id: UUID,
    owed: int,
    agreed_at: datetime,
    language: str | None,
    is_time_barred: bool = False,
) -> Drawn:
    days = right_to_withdraw(case.jurisdiction, terms).days
    return Drawn(
        plan_id=plan_id,
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        is_us=case.jurisdiction == "US",
        terms_hash=seal(terms),
        owed=owed,
        text=text_of(case, terms, owed, papers, language, is_time_barred=is_time_barred),
        agreed_at=agreed_at,
        cooling_off_until=cooling_off_until(agreed_at, days, case.zones),
    )


def reference_of(case_id: UUID) -> str:
    """A case on paper: its whole id, in groups that can be read aloud."""
    return str(case_id).upper()


async def make_copy(drawn: Drawn, papers: Papers, creditor: str | None) -> tuple[Document, bytes]:
    """The sealed copy. It names the case and the creditor, never the person. Raises PaperNotMade."""
    # What the code proves is the text, so that it can be checked without the file as well.
    digest = bytes.fromhex(drawn.text.text_hash)[:DIGEST_BYTES]
    token = papers.stamp("agreement", drawn.plan_id, drawn.agreed_at.date(), digest)
    code = code_of(token)
    sealed = await papers.make(_sheet(drawn, papers, creditor, code, token.text))
    document = Document(
        document_id=new_id(),
        case_id=drawn.case_id,
        creditor_id=drawn.creditor_id,
        kind="agreement",
        subject_id=drawn.plan_id,
        language=drawn.text.language,
        content_hash=sealed.content_hash,
        rendering_hash=sealed.rendering_hash,
        code=code,
        token=token.text,
        created_at=drawn.agreed_at,
    )
    return document, sealed.content


def _sheet(drawn: Drawn, papers: Papers, creditor: str | None, code: str, token: str) -> Sheet:
    text, language = drawn.text, drawn.text.language
    labels = LABELS[language]
    reference = reference_of(drawn.case_id)
    head = (labels["number"], labels["due_on"], labels["amount"])
    return Sheet(
        language=language,
        is_us=drawn.is_us,
        title=text.title,
        sender=papers.agency[language],
        facts=(
            (labels["agency"], papers.agency[language]),
            (labels["creditor"], creditor or labels["creditor_unnamed"].format(reference=drawn.creditor_id)),
            (labels["case"], reference),
            (labels["plan"], str(drawn.plan_id).upper()),
            (labels["agreed_at"], moment(drawn.agreed_at, language)),
            (labels["withdraw_until"], moment(drawn.cooling_off_until, language)),
            (labels["terms_hash"], drawn.terms_hash),
            (labels["text_hash"], text.text_hash),
            (labels["texts_version"], TEXTS_VERSION),
        ),
        sections=(
            *(Section(clause.heading, clause.sentences) for clause in text.clauses),
            Section(labels["schedule"], rows=(head, *text.schedule)),
        ),
        footer=f"{papers.agency[language]} · {labels['complaints']} {papers.contact}",
        dated_at=drawn.agreed_at,
        check_note=labels["check"],
        code=code,
        token=token,
    )


def same_key(key: str) -> str:
    """An idempotency key as evidence keeps it: a caller may have put anything into it."""
    return sha256(b"concord idempotency key" + key.encode()).hexdigest()
