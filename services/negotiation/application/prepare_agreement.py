"""The copy of an agreement, made before it is agreed: no transaction waits for the press, and the hash goes with it.

First a short look at the case, then rendering and sealing in a thread, then the transaction that agrees. If terms
changed in between, that transaction refuses and the paper is thrown away. If the press fails, the agreement stands all
the same: its copy is made when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.negotiation.application.agreement_ports import Acceptance, Document, PaperNotMade
from services.negotiation.application.announcements import seal, terms_of
from services.negotiation.application.draw_agreement import Drawn, draw, make_copy, text_of
from services.negotiation.application.legal_facts import is_time_barred
from services.negotiation.application.ports import Resources
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.agreement.cooling_off import right_to_withdraw
from services.negotiation.domain.agreement.text import TEXTS_VERSION, AgreementText
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.counter_offers import Wish, answer
from services.negotiation.domain.interest_caps.cooling_off import CoolingOff
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.terms import Terms, draw_up
from shared.kernel.identifiers import new_id


@dataclass(frozen=True, slots=True)
class PreparedAgreement:
    """An agreement drawn up, with its sealed copy unless the press failed, for the use case that agrees."""

    drawn: Drawn
    acceptance: Acceptance
    document: Document | None
    content: bytes


@dataclass(frozen=True, slots=True)
class ShownAgreement:
    """What one would agree to by an offer. Its `text.text_hash` goes back with the acceptance."""

    text: AgreementText
    terms_hash: str
    texts_version: str
    cooling_off: CoolingOff


async def show_agreement(
    resources: Resources, case_id: UUID, offer_id: UUID, language: str | None = None
) -> ShownAgreement:
    """Raises NoSuchThing."""
    async with resources.begin(case_id) as work:
        case = await work.cases.read(case_id)
        terms = terms_of(await work.offers.find(case_id, offer_id), case)
        is_barred = await is_time_barred(work, case) is True
    if case.is_erased:
        raise NoSuchThing("case")
    text = text_of(case, terms, case.books.balance, resources.papers, language, is_time_barred=is_barred)
    return ShownAgreement(text, seal(terms), TEXTS_VERSION, right_to_withdraw(case.jurisdiction, terms))


async def prepare_for_offer(
    resources: Resources, case_id: UUID, offer_id: UUID, acceptance: Acceptance
) -> PreparedAgreement | None:
    """None where nothing can be agreed: the use case that agrees says why. Changes nothing and keeps no lock."""
    async with resources.begin(case_id) as work:
        case = await work.cases.read(case_id)
        terms = terms_of(await work.offers.find(case_id, offer_id), case)
        now, is_barred = work.now, await is_time_barred(work, case) is True
    return await _prepare(resources, case, terms, acceptance, now, is_barred)


async def prepare_for_wish(
    resources: Resources, case_id: UUID, wish: Wish, acceptance: Acceptance
) -> PreparedAgreement | None:
    """None unless the wish would be accepted as it is, by what is known now."""
    async with resources.begin(case_id) as work:
        case = await work.cases.read(case_id)
        now, mandate = work.now, await mandate_for(work, case)
        is_barred = await is_time_barred(work, case) is True
    if not case.may_be_offered():
        return None
    given = answer(case, wish, case.today(now), mandate)
    if given.verdict != "accepted" or given.draft is None:
        return None
    terms = draw_up(given.draft.outline, currency=case.currency, grace_days=case.mandate.grace_days)
    return await _prepare(resources, case, terms, acceptance, now, is_barred)


async def _prepare(
    resources: Resources, case: CaseFile, terms: Terms, acceptance: Acceptance, now: datetime, is_barred: bool
) -> PreparedAgreement | None:
    if not case.may_be_offered():
        return None
    drawn = draw(
        case,
        terms,
        resources.papers,
        plan_id=new_id(),
        owed=case.books.balance,
        agreed_at=now,
        language=acceptance.language,
        is_time_barred=is_barred,
    )
    names = await resources.vault.reveal(case.case_id)
    try:
        document, content = await make_copy(drawn, resources.papers, names.creditor if names else None)
    except PaperNotMade:
        return PreparedAgreement(drawn, acceptance, None, b"")
    return PreparedAgreement(drawn, acceptance, document, content)
