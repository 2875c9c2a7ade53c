"""A legal file as its entries make it: the state machine, and everything that counsel has to see.

    pre_action -> letter_before_action -> mediation -> arbitration | suit -> hearing -> judgment -> enforcement
    any of them -> satisfied | stopped | returned

A file is only ever the fold of its entries, so a row changed by hand is found when the file is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.negotiation.domain.legal.entries import BEGINNING, Entry, entry_after, entry_hash
from services.negotiation.domain.legal.grounds import NotLawful, digest
from services.negotiation.domain.legal.ladder_proof import LadderProof
from services.negotiation.domain.legal.limitation import LimitationEvent

ENTRIES_MAX = 2_000
DOCUMENTS_MAX = 60

MOVES: Mapping[str, frozenset[str]] = {
    "pre_action": frozenset({"letter_before_action"}),
    "letter_before_action": frozenset({"mediation", "arbitration", "suit"}),
    "mediation": frozenset({"arbitration", "suit"}),
    "arbitration": frozenset({"hearing", "judgment"}),
    "suit": frozenset({"hearing", "judgment"}),
    "hearing": frozenset({"judgment"}),
    "judgment": frozenset({"enforcement"}),
    "enforcement": frozenset(),
}
OPEN_STATES = frozenset(MOVES)
SIGNED_STEPS = frozenset({"letter_before_action", "arbitration", "suit", "enforcement"})
"""Steps that press: counsel signs each of them over the file as it is then."""
FACTS = frozenset({"hearing", "judgment"})
"""What a court does whether or not we are halted: recorded, not decided, by us."""

STATE_OF_OUTCOME: Mapping[str, str] = {
    "satisfied": "satisfied",
    "settled": "stopped",
    "stopped": "stopped",
    "returned": "returned",
    "refused": "returned",
    "time_barred": "returned",
    "lost": "returned",
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One item of the checklist. `shown_by`: the hash of a document in the file, or nothing."""

    item: str
    who: str
    at: datetime
    shown_by: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the file; its bytes lie elsewhere under the same id."""

    document_id: UUID
    kind: str
    title: str
    media_type: str
    size: int
    sha256: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """Counsel's word as it was recorded. It counts only as a `CounselSignature`, which checks the seal."""

    step: str
    decision: str
    reasons: tuple[str, ...]
    contents_hash: str
    counsel_id: str
    signed_at: datetime
    seal: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The lender's leave to go so far, for so much; `request_hash` is over the request that it signed."""

    creditor_id: UUID
    steps: frozenset[str]
    amount_max: int
    currency: str
    request_hash: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Hearing:
    hearing_id: str
    on: date
    place_kind: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    kind: str
    amount: int
    currency: str
    is_recoverable: bool
    note: str


@dataclass(frozen=True, slots=True)
class Deadline:
    deadline_id: str
    kind: str
    due_on: date
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class LegalFile:
    """Everything about one case in law. `contents_hash` is over all that counsel signs, in order."""

    legal_id: UUID
    case_id: UUID
    creditor_id: UUID
    jurisdiction: str
    region: str | None
    proof: LadderProof
    opened_at: datetime
    state: str = "pre_action"
    position: int = 0
    last_hash: str = BEGINNING
    contents_hash: str = BEGINNING
    halted_by: tuple[str, ...] = ()
    outcome: str | None = None
    closing_reasons: tuple[str, ...] = ()
    ticks: tuple[Tick, ...] = ()
    documents: tuple[Document, ...] = ()
    signatures: tuple[SignatureRecord, ...] = ()
    limitation_events: tuple[LimitationEvent, ...] = ()
    authority: Authority | None = None
    respond_by: date | None = None
    mediation: str | None = None
    pay_by: date | None = None
    enforceable_until: date | None = None
    hearings: tuple[Hearing, ...] = ()
    costs: tuple[Cost, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    has_upheld_complaint: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def makers(self) -> frozenset[str]:
        """Who has made this file. None of them signs it."""
        return frozenset(
            {self.proof.prepared_by, *(tick.who for tick in self.ticks), *(each.who for each in self.documents)}
        )

    def ticked(self, item: str) -> Tick | None:
        """The latest tick of an item."""
        return next((tick for tick in reversed(self.ticks) if tick.item == item), None)

    def has_document(self, kind: str) -> bool:
        return any(document.kind == kind for document in self.documents)

    def latest_signature(self, step: str) -> SignatureRecord | None:
        return next((each for each in reversed(self.signatures) if each.step == step), None)

    def write(self, kind: str, who: str, why: str, at: datetime, body: Mapping[str, Any]) -> tuple[LegalFile, Entry]:
        """The file with one more entry. Raises `NotLawful` where the state machine does not allow it."""
        entry = entry_after(self.legal_id, self.position + 1, self.last_hash, kind, who, why, at, body)
        return extended(self, entry), entry


def read_file(beginning: LegalFile, entries: Iterable[Entry]) -> LegalFile:
    """The file as its entries make it. Raises `NotLawful` for an entry that was changed, lost or put in."""
    file = beginning
    for entry in entries:
        if entry_hash(entry) != entry.hash:
            raise NotLawful("entry_changed", "an entry is not the one that was hashed")
        file = extended(file, entry)
    return file


def extended(file: LegalFile, entry: Entry) -> LegalFile:
    if (entry.legal_id, entry.position, entry.previous_hash) != (file.legal_id, file.position + 1, file.last_hash):
        raise NotLawful("entry_order", "the entries of this file do not follow each other")
    if not file.is_open and entry.kind not in ("note", "cost"):
        raise NotLawful("file_closed", "this file is closed")
    if entry.position > ENTRIES_MAX:
        raise NotLawful("file_full", "this file has too many entries")
    if (entry.kind == "opened") != (entry.position == 1):
        raise NotLawful("entry_order", "a file begins once")
    changed = _FOLDS[entry.kind](file, entry)
    contents = digest(f"{file.contents_hash}{entry.hash}") if entry.is_material else file.contents_hash
    return replace(changed, position=entry.position, last_hash=entry.hash, contents_hash=contents)


def _opened(file: LegalFile, entry: Entry) -> LegalFile:
    if entry.body["proof_hash"] != file.proof.hash:
        raise NotLawful("ladder_other", "the file was opened on another proof")
    return file


def _checked(file: LegalFile, entry: Entry) -> LegalFile:
    tick = Tick(entry.body["item"], entry.who, entry.at, entry.body["shown_by"])
    return replace(file, ticks=(*file.ticks, tick))


def _document(file: LegalFile, entry: Entry) -> LegalFile:
    if len(file.documents) >= DOCUMENTS_MAX:
        raise NotLawful("file_full", "this file has too many documents")
    body = entry.body
    document = Document(
        UUID(body["document_id"]),
        body["kind"],
        body["title"],
        body["media_type"],
        body["size"],
        body["sha256"],
        entry.who,
        entry.at,
    )
    return replace(file, documents=(*file.documents, document))


def _limitation_event(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    until = date.fromisoformat(body["until"]) if body["until"] else None
    event = LimitationEvent(body["kind"], date.fromisoformat(body["on"]), body["shown_by"], until)
    return replace(file, limitation_events=(*file.limitation_events, event))


def _authority(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    if body["creditor_id"] != str(file.creditor_id):
        raise NotLawful("authority_other", "another lender's authority")
    authority = Authority(
        file.creditor_id,
        frozenset(body["steps"]),
        body["amount_max"],
        body["currency"],
        body["request_hash"],
        entry.at,
    )
    return replace(file, authority=authority)


def _step(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    step = body["step"]
    if step not in MOVES[file.state]:
        raise NotLawful("step_order", "this step does not follow from where the file is")
    if file.halted_by and step not in FACTS:
        raise NotLawful(f"stopped.{file.halted_by[0]}", "the file is halted")
    if step in SIGNED_STEPS:
        signed = file.latest_signature(step)
        if signed is None or signed.decision != "approve" or signed.contents_hash != file.contents_hash:
            raise NotLawful("not_signed", "counsel has not signed this step over the file as it is")
    day = {name: date.fromisoformat(body[name]) for name in ("respond_by", "pay_by", "enforceable_until") if body[name]}
    return replace(
        file,
        state=step,
        respond_by=day.get("respond_by", file.respond_by),
        pay_by=day.get("pay_by", file.pay_by),
        enforceable_until=day.get("enforceable_until", file.enforceable_until),
        mediation="offered" if step == "mediation" else file.mediation,
    )


def _mediation(file: LegalFile, entry: Entry) -> LegalFile:
    return replace(file, mediation=entry.body["result"])


def _hearing(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    hearing = Hearing(body["hearing_id"], date.fromisoformat(body["on"]), body["place_kind"])
    return replace(file, hearings=(*file.hearings, hearing))


def _hearing_outcome(file: LegalFile, entry: Entry) -> LegalFile:
    known = {hearing.hearing_id: hearing for hearing in file.hearings}
    if entry.body["hearing_id"] not in known:
        raise NotLawful("hearing_unknown", "there is no such hearing")
    known[entry.body["hearing_id"]] = replace(known[entry.body["hearing_id"]], outcome=entry.body["outcome"])
    return replace(file, hearings=tuple(known.values()))


def _cost(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    cost = Cost(body["kind"], body["amount"], body["currency"], body["is_recoverable"], body["note"])
    return replace(file, costs=(*file.costs, cost))


def _signature(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    if body["counsel_id"] in file.makers:
        raise NotLawful("counsel_is_maker", "who has made the file does not sign it")
    signature = SignatureRecord(
        body["step"],
        body["decision"],
        tuple(body["reasons"]),
        body["contents_hash"],
        body["counsel_id"],
        datetime.fromisoformat(body["signed_at"]),
        body["seal"],
    )
    return replace(file, signatures=(*file.signatures, signature))


def _deadline(file: LegalFile, entry: Entry) -> LegalFile:
    body = entry.body
    deadline = Deadline(body["deadline_id"], body["kind"], date.fromisoformat(body["due_on"]))
    return replace(file, deadlines=(*file.deadlines, deadline))


def _deadline_done(file: LegalFile, entry: Entry) -> LegalFile:
    if all(each.deadline_id != entry.body["deadline_id"] for each in file.deadlines):
        raise NotLawful("deadline_unknown", "there is no such deadline")
    done = entry.body["deadline_id"]
    deadlines = (replace(each, is_done=True) if each.deadline_id == done else each for each in file.deadlines)
    return replace(file, deadlines=tuple(deadlines))


def _note(file: LegalFile, entry: Entry) -> LegalFile:
    if "complaint_upheld" in entry.body:
        return replace(file, has_upheld_complaint=bool(entry.body["complaint_upheld"]))
    return file


def _halted(file: LegalFile, entry: Entry) -> LegalFile:
    return replace(file, halted_by=tuple(entry.body["by"]))


def _resumed(file: LegalFile, entry: Entry) -> LegalFile:
    return replace(file, halted_by=())


def _closed(file: LegalFile, entry: Entry) -> LegalFile:
    outcome = entry.body["outcome"]
    return replace(file, state=STATE_OF_OUTCOME[outcome], outcome=outcome, closing_reasons=tuple(entry.body["reasons"]))


_FOLDS: Mapping[str, Callable[[LegalFile, Entry], LegalFile]] = {
    "opened": _opened,
    "checked": _checked,
    "document": _document,
    "limitation_event": _limitation_event,
    "authority": _authority,
    "step": _step,
    "mediation": _mediation,
    "hearing": _hearing,
    "hearing_outcome": _hearing_outcome,
    "cost": _cost,
    "signature": _signature,
    "deadline": _deadline,
    "deadline_done": _deadline_done,
    "note": _note,
    "halted": _halted,
    "resumed": _resumed,
    "closed": _closed,
}
