"""What may be done with a file: each act gives the file with one more entry, or raises `NotLawful`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.negotiation.domain.legal.entries import Entry
from services.negotiation.domain.legal.file import FACTS, LegalFile
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.leave import ArbitrationFiling, EnforcementLeave, Filing, LetterLeave, SuitFiling
from services.negotiation.domain.legal.signature import CounselSignature
from services.negotiation.domain.legal.stops import Circumstances, Unhindered

Written = tuple[LegalFile, Entry]
NO_DAYS = {"respond_by": None, "pay_by": None, "enforceable_until": None}


def open_file(beginning: LegalFile) -> Written:
    """The first entry: on which proof the file stands."""
    proof = beginning.proof
    body = {
        "handover_id": str(proof.handover_id),
        "proof_hash": proof.hash,
        "decisions": [str(decision) for decision in proof.decisions],
        "prepared_by": proof.prepared_by,
        "signed_by": proof.signed_by,
    }
    return beginning.write("opened", "system", "handover", beginning.opened_at, body)


def record_signature(file: LegalFile, signature: CounselSignature) -> Written:
    if not isinstance(signature, CounselSignature) or signature.legal_id != file.legal_id:
        raise NotLawful("not_signed", "this is no signature of counsel on this file")
    record = signature.record
    if record.contents_hash != file.contents_hash:
        raise NotLawful("signature_outdated", "the file has changed since counsel looked at it")
    body = {
        "step": record.step,
        "decision": record.decision,
        "reasons": list(record.reasons),
        "contents_hash": record.contents_hash,
        "counsel_id": record.counsel_id,
        "signed_at": record.signed_at.isoformat(),
        "seal": record.seal,
        "hash": signature.hash,
    }
    return file.write("signature", record.counsel_id, record.decision, record.signed_at, body)


def send_letter(leave: LetterLeave, who: str, why: str) -> Written:
    if not isinstance(leave, LetterLeave):
        raise NotLawful("not_signed", "there is no leave to send the letter before action")
    body = {**leave.evidence(), **NO_DAYS, "respond_by": leave.respond_by.isoformat()}
    return leave.file.write("step", who, why, leave.at, body)


def file_claim(filing: Filing, who: str, why: str, reference: str) -> Written:
    """`reference`: the number that the court or the tribunal gave."""
    if not isinstance(filing, SuitFiling | ArbitrationFiling):
        raise NotLawful("not_signed", "there is no leave to file a claim")
    body = {
        **filing.evidence(),
        **NO_DAYS,
        "amount": filing.amount,
        "currency": filing.currency,
        "reference": reference,
        "authority_hash": filing.file.authority.request_hash if filing.file.authority else None,
    }
    return filing.file.write("step", who, why, filing.at, body)


def enforce(leave: EnforcementLeave, who: str, why: str) -> Written:
    if not isinstance(leave, EnforcementLeave):
        raise NotLawful("not_signed", "there is no leave to enforce")
    return leave.file.write("step", who, why, leave.at, {**leave.evidence(), **NO_DAYS})


def offer_mediation(file: LegalFile, unhindered: Unhindered, who: str, why: str, at: datetime) -> Written:
    if not isinstance(unhindered, Unhindered):
        raise NotLawful("stopped.unknown", "nobody has looked at what may stand in the way")
    return file.write("step", who, why, at, {"step": "mediation", **NO_DAYS})


def record_mediation(file: LegalFile, result: str, who: str, why: str, at: datetime) -> Written:
    if result not in ("declined", "failed", "no_answer", "agreed"):
        raise NotLawful("mediation", "a mediation ends in one of four ways")
    if file.mediation is None:
        raise NotLawful("mediation", "no mediation was offered")
    return file.write("mediation", who, why, at, {"result": result})


def record_fact(
    file: LegalFile, step: str, who: str, why: str, at: datetime, days: Mapping[str, date] | None = None
) -> Written:
    """A hearing was opened or a judgment given: by others, whether or not we are halted."""
    if step not in FACTS:
        raise NotLawful("not_signed", "this step needs counsel's signature")
    given = {name: day.isoformat() for name, day in (days or {}).items() if name in NO_DAYS}
    if step == "judgment" and not {"pay_by", "enforceable_until"} <= given.keys():
        raise NotLawful("judgment_days", "a judgment says by when to pay and until when it may be enforced")
    return file.write("step", who, why, at, {"step": step, **NO_DAYS, **given})


def close(file: LegalFile, outcome: str, reasons: tuple[str, ...], who: str, at: datetime) -> Written:
    return file.write("closed", who, outcome, at, {"outcome": outcome, "reasons": list(reasons)})


def react(file: LegalFile, circumstances: Circumstances, at: datetime) -> list[Written]:
    """What circumstances make of an open file: closed, halted, resumed, or nothing. Twice gives nothing more."""
    if not file.is_open:
        return []
    if circumstances.ending is not None:
        outcome, reasons = circumstances.ending
        return [close(file, outcome, reasons, "system", at)]
    halting = circumstances.halting
    if halting == file.halted_by:
        return []
    kind: tuple[str, dict[str, Any]] = ("halted", {"by": list(halting)}) if halting else ("resumed", {})
    return [file.write(kind[0], "system", halting[0] if halting else "nothing_stands", at, kind[1])]
