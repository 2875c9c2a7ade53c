"""The certificate that a debt is cleared: a sealed paper, made anew whenever it is downloaded.

It alone may name the person, because it is handed to them and kept nowhere. What is kept is the clearance and its
code, which says at any time whether the certificate still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.negotiation.application.agreement_ports import PaperNotMade, Papers, Section, Sheet
from services.negotiation.application.draw_agreement import reference_of
from services.negotiation.application.ports import Clearance, Names, Resources
from services.negotiation.domain.agreement import clearance_texts as texts
from services.negotiation.domain.agreement.refusals import NotCleared
from services.negotiation.domain.agreement.text import LABELS
from services.negotiation.domain.agreement.wording import moment
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.refusal import Overloaded


@dataclass(frozen=True, slots=True)
class Certificate:
    """`content` is the sealed PDF."""

    clearance: Clearance
    content: bytes


async def certify_clearance(resources: Resources, case_id: UUID, language: str | None = None) -> Certificate:
    """Raises NoSuchThing, NotCleared, Overloaded."""
    async with resources.begin(case_id) as work:
        case = await work.cases.read(case_id)
        clearance = await work.clearances.of_case(case_id)
        now = work.now
    if case.is_erased:
        raise NoSuchThing("case")
    if clearance is None:
        raise NotCleared
    names = await resources.vault.reveal(case_id)
    spoken = language if language in LABELS else case.language
    sheet = certificate_sheet(case, clearance, names, resources.papers, spoken, now)
    try:
        sealed = await resources.papers.make(sheet)
    except PaperNotMade:
        raise Overloaded(
            "paper_not_made", "the certificate cannot be printed now; come back later", retry_after_s=30
        ) from None
    return Certificate(clearance, sealed.content)


def certificate_sheet(
    case: CaseFile, clearance: Clearance, names: Names | None, papers: Papers, language: str, now: datetime
) -> Sheet:
    labels, own = LABELS[language], texts.LABELS[language]
    is_withdrawn = clearance.withdrawn_at is not None
    creditor = names.creditor if names else labels["creditor_unnamed"].format(reference=case.creditor_id)
    facts = [
        (own["state"], texts.STATES[language]["withdrawn" if is_withdrawn else "valid"]),
        (labels["agency"], papers.agency[language]),
        (labels["creditor"], creditor),
        *([(own["name"], names.person)] if names else []),
        (labels["case"], reference_of(case.case_id)),
        (own["cleared"], moment(clearance.cleared_at, language)),
        *([(own["withdrawn"], moment(clearance.withdrawn_at, language))] if clearance.withdrawn_at else []),
        (own["made"], moment(now, language)),
    ]
    said = texts.STATEMENTS[language]["withdrawn" if is_withdrawn else clearance.reason]
    checks = tuple(line.format(check_page=papers.check_page) for line in texts.CHECKS[language])
    return Sheet(
        language=language,
        is_us=case.jurisdiction == "US",
        title=(texts.WITHDRAWN_TITLES if is_withdrawn else texts.TITLES)[language],
        sender=papers.agency[language],
        facts=tuple(facts),
        sections=(Section(texts.HEADINGS[language], said), Section(texts.CHECK_HEADINGS[language], checks)),
        footer=f"{papers.agency[language]} · {labels['complaints']} {papers.contact}",
        dated_at=now,
        check_note=labels["check"],
        code=clearance.code,
        token=clearance.code,
    )
