"""Working on a legal file: what is looked at, added, signed, sent, filed and recorded. One act, one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.negotiation.application.follow_law import keep
from services.negotiation.application.legal_facts import circumstances_of, limit_of
from services.negotiation.application.legal_ports import (
    DOCUMENT_BYTES_MAX,
    FILE_BYTES_MAX,
    DueDeadline,
    OutreachAway,
)
from services.negotiation.application.ports import Resources, Work
from services.negotiation.application.remind_in_law import first_reminder
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.legal import steps
from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.law import LegalLaw, law_of
from services.negotiation.domain.legal.limitation import Limit
from services.negotiation.domain.legal.signature import Decision, sign
from services.negotiation.domain.legal.stops import Circumstances
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, Reason

MEDIA_TYPES = ("application/pdf", "text/plain", "application/json")
DOCUMENT_KINDS = (
    "contract",
    "letter_before_action",
    "information_sheet",
    "reply_form",
    "financial_statement_form",
    "statement_of_account",
    "letter_received",
    "contact_record",
    "pleading",
    "court_paper",
    "mediation_paper",
    "evidence",
    "proof_of_delivery",
)
COST_KINDS = ("court_fee", "arbitration_fee", "counsel_fee", "service_fee", "enforcement_fee", "other")
DEADLINE_KINDS = ("filing", "reply", "hearing", "payment", "appeal", "enforcement", "other")


@dataclass
class Acting:
    """One file under the lock of its case, with what decides about its steps."""

    work: Work
    case: CaseFile
    file: LegalFile
    standing: Circumstances
    written: list[steps.Written] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def today(self) -> date:
        return self.case.today(self.work.now)

    def take(self, written: steps.Written) -> None:
        self.written.append(written)
        self.file = written[0]

    def write(self, kind: str, who: str, why: str, body: Mapping[str, Any]) -> None:
        self.take(self.file.write(kind, who, why, self.now, body))

    async def limit(self) -> Limit:
        return await limit_of(self.work, self.case, self.file)


@asynccontextmanager
async def acting(resources: Resources, legal_id: UUID) -> AsyncIterator[Acting]:
    """What is done inside is kept at the end. Raises `NotAllowed` with the code of what the law does not allow."""
    async with resources.begin(is_staff=True) as work:
        case_id = await work.legal.case_of(legal_id)
    async with resources.begin(case_id, is_staff=True) as work:
        cases = await work.cases.for_change([case_id])
        files = await work.legal.for_change([case_id])
        if case_id not in files or files[case_id].legal_id != legal_id:
            raise Conflict("file_closed", "this file is closed")
        standing = await circumstances_of(work, cases, files)
        act = Acting(work, cases[case_id], files[case_id], standing[case_id])
        try:
            for written in steps.react(act.file, act.standing, act.now):
                act.take(written)
            yield act
        except NotLawful as refused:
            raise NotAllowed(refused.code, refused.message, [Reason(refused.code)]) from None
        await keep(work, act.written)
        await work.commit()


async def tick(resources: Resources, who: str, legal_id: UUID, item: str, shown_by: str | None) -> LegalFile:
    """Somebody has looked at one item of the checklist; `shown_by`: the hash of a document in the file."""
    async with acting(resources, legal_id) as act:
        if item not in law_for(act.file).checks:
            raise Invalid("item_unknown", "the checklist has no such item")
        if shown_by is not None and all(document.sha256 != shown_by for document in act.file.documents):
            raise Invalid("document_unknown", "no document of this file has that hash")
        act.write("checked", who, "looked_at", {"item": item, "shown_by": shown_by})
    return act.file


async def add_document(
    resources: Resources, who: str, legal_id: UUID, kind: str, title: str, media_type: str, content: bytes
) -> LegalFile:
    async with acting(resources, legal_id) as act:
        await keep_document(act, who, kind, title, media_type, content)
    return act.file


async def keep_document(act: Acting, who: str, kind: str, title: str, media_type: str, content: bytes) -> None:
    if kind not in DOCUMENT_KINDS or media_type not in MEDIA_TYPES or not _is_of(media_type, content):
        raise Invalid("document_form", "a kind and a form of document that a file takes")
    total = sum(document.size for document in act.file.documents) + len(content)
    if not 0 < len(content) <= DOCUMENT_BYTES_MAX or total > FILE_BYTES_MAX:
        raise Invalid("document_size", f"up to {DOCUMENT_BYTES_MAX} bytes, and {FILE_BYTES_MAX} in one file")
    document_id, hashed = new_id(), sha256(content).hexdigest()
    if any((document.kind, document.sha256) == (kind, hashed) for document in act.file.documents):
        return
    body = {
        "document_id": str(document_id),
        "kind": kind,
        "title": title,
        "media_type": media_type,
        "size": len(content),
        "sha256": hashed,
    }
    act.write("document", who, "added", body)
    await act.work.legal.keep_document(act.file, document_id, hashed, content)


async def collect_record(resources: Resources, legal_id: UUID) -> bool:
    """Put outreach's record of the case into the file; False where it gives none, which the file then says."""
    async with resources.begin(is_staff=True) as work:
        case_id = await work.legal.case_of(legal_id)
    try:
        content = await resources.legal.handovers.record(case_id)
    except OutreachAway:
        content = None
    async with acting(resources, legal_id) as act:
        if content is None:
            act.write("note", "system", "unavailable", {"what": "contact_record"})
        else:
            await keep_document(act, "system", "contact_record", "Contact record", "application/json", content)
    return content is not None


async def record_limitation_event(
    resources: Resources, who: str, legal_id: UUID, kind: str, on: date, shown_by: str, until: date | None
) -> LegalFile:
    """Something that may start the time anew, shown by a document of the file."""
    async with acting(resources, legal_id) as act:
        if on > act.today or (kind == "obstacle") != (until is not None):
            raise Invalid("limitation_event", "it has happened already; an obstacle has an end")
        if all(document.sha256 != shown_by for document in act.file.documents):
            raise Invalid("document_unknown", "no document of this file has that hash")
        body = {"kind": kind, "on": on.isoformat(), "until": until.isoformat() if until else None}
        act.write("limitation_event", who, "shown", {**body, "shown_by": shown_by})
    return act.file


async def give_authority(
    resources: Resources,
    creditor_id: UUID,
    legal_id: UUID,
    allowed: Sequence[str],
    amount_max: int,
    currency: str,
    request_hash: str,
) -> LegalFile:
    """The lender's leave, by its own signed request. The same request again changes nothing."""
    async with acting(resources, legal_id) as act:
        if act.file.creditor_id != creditor_id or currency != act.case.currency:
            raise NotAllowed("authority_other", "another lender's file, or another currency than the case's")
        known = act.file.authority
        if known is None or known.request_hash != request_hash:
            body = {
                "creditor_id": str(creditor_id),
                "steps": sorted(set(allowed)),
                "amount_max": amount_max,
                "currency": currency,
                "request_hash": request_hash,
            }
            act.write("authority", f"lender:{creditor_id}", "signed_request", body)
    return act.file


async def sign_file(
    resources: Resources,
    counsel_id: str,
    legal_id: UUID,
    step: str,
    decision: Decision,
    reasons: tuple[str, ...],
    seen_hash: str,
) -> LegalFile:
    """Counsel's word over what they have seen: `seen_hash` is the file's as it was shown. A refusal closes the file."""
    async with acting(resources, legal_id) as act:
        counsel = await act.work.legal.counsel(counsel_id)
        if counsel is None or not counsel.may_sign_in(act.file.jurisdiction):
            raise NotAllowed("counsel_not_admitted", "not registered as counsel for this jurisdiction")
        if seen_hash != act.file.contents_hash:
            raise Conflict("file_changed", "the file has changed since it was shown; look at it again")
        signature = sign(act.file, step, decision, reasons, counsel_id, act.now, resources.legal.key)
        act.take(steps.record_signature(act.file, signature))
        if decision == "refuse":
            act.take(steps.close(act.file, "refused", ("counsel_refused",), counsel_id, act.now))
    return act.file


async def consider_complaint(resources: Resources, counsel_id: str, legal_id: UUID, why: str) -> LegalFile:
    """Counsel says what follows from a complaint that was upheld; the file is halted by it no longer."""
    async with acting(resources, legal_id) as act:
        counsel = await act.work.legal.counsel(counsel_id)
        if counsel is None or not counsel.may_sign_in(act.file.jurisdiction):
            raise NotAllowed("counsel_not_admitted", "not registered as counsel for this jurisdiction")
        act.write("note", counsel_id, why, {"complaint_upheld": False})
    return act.file


async def add_cost(
    resources: Resources, who: str, legal_id: UUID, kind: str, amount: int, is_recoverable: bool, note: str
) -> LegalFile:
    """No cap on recoverable costs is on file anywhere: what is claimed back needs counsel's note of its basis."""
    if kind not in COST_KINDS or amount <= 0:
        raise Invalid("cost_kind", "costs are: " + ", ".join(COST_KINDS))
    if is_recoverable and not note:
        raise Invalid("cost_note", "a cost that is claimed back names its basis")
    async with acting(resources, legal_id) as act:
        said = {"kind": kind, "amount": amount, "currency": act.case.currency, "is_recoverable": is_recoverable}
        act.write("cost", who, kind, {**said, "note": note or law_for(act.file).cost_note})
    return act.file


async def set_deadline(resources: Resources, who: str, legal_id: UUID, kind: str, due_on: date) -> LegalFile:
    if kind not in DEADLINE_KINDS:
        raise Invalid("deadline_kind", "deadlines are: " + ", ".join(DEADLINE_KINDS))
    async with acting(resources, legal_id) as act:
        await put_deadline(act, who, kind, due_on)
    return act.file


async def finish_deadline(resources: Resources, who: str, legal_id: UUID, deadline_id: UUID) -> LegalFile:
    async with acting(resources, legal_id) as act:
        act.write("deadline_done", who, "done", {"deadline_id": str(deadline_id)})
        await act.work.legal.finish_deadlines([deadline_id])
    return act.file


async def return_file(resources: Resources, who: str, legal_id: UUID, reason: str) -> LegalFile:
    """Given back to the lender: nothing is pursued any more."""
    async with acting(resources, legal_id) as act:
        act.take(steps.close(act.file, "returned", (reason,), who, act.now))
    return act.file


async def put_deadline(act: Acting, who: str, kind: str, due_on: date) -> None:
    owner = (act.file.legal_id, act.file.case_id, act.file.creditor_id)
    deadline = DueDeadline(new_id(), *owner, kind, due_on, None)
    body = {"deadline_id": str(deadline.deadline_id), "kind": kind, "due_on": due_on.isoformat()}
    act.write("deadline", who, "set", body)
    remind_at = first_reminder(deadline, act.now)
    await act.work.legal.add_deadline(DueDeadline(deadline.deadline_id, *owner, kind, due_on, remind_at))


def law_for(file: LegalFile) -> LegalLaw:
    law = law_of(file.jurisdiction)
    if law is None:
        raise NotLawful("law_unknown", "how claims are brought there is not known")
    return law


def _is_of(media_type: str, content: bytes) -> bool:
    """Whether the bytes begin as that form does."""
    if media_type == "application/pdf":
        return content.startswith(b"%PDF-")
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False
