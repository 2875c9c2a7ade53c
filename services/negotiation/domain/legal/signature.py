"""Counsel's signature: a word about one step over one exact file, sealed by the key of the desk.

The seal is made only in counsel's own session (see docs/decisions): a page without script cannot hold a private key.
What it gives is that a row written or changed by hand is no signature.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import InitVar, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.negotiation.domain.legal.file import SIGNED_STEPS, LegalFile, SignatureRecord
from services.negotiation.domain.legal.grounds import NotLawful, canonical, digest, is_sha256

Decision = Literal["approve", "return", "refuse"]
VALID_FOR = timedelta(days=30)
REASONS_MAX = 10
REASON_LENGTH_MAX = 500


@dataclass(frozen=True, slots=True)
class CounselSignature:
    """Cannot be made without the seal that fits it. `key` is the desk's; it is checked and not kept."""

    legal_id: UUID
    record: SignatureRecord
    key: InitVar[bytes]

    def __post_init__(self, key: bytes) -> None:
        record = self.record
        is_formed = (
            record.step in SIGNED_STEPS
            and record.decision in ("approve", "return", "refuse")
            and 1 <= len(record.reasons) <= REASONS_MAX
            and all(0 < len(reason) <= REASON_LENGTH_MAX for reason in record.reasons)
            and is_sha256(record.contents_hash)
            and bool(record.counsel_id)
        )
        if not is_formed:
            raise NotLawful("signature_form", "a signature names its step, decision, reasons, file and counsel")
        if not hmac.compare_digest(_seal(self.legal_id, record, key), record.seal):
            raise NotLawful("signature_seal", "the seal does not fit")

    @property
    def hash(self) -> str:
        return digest(_text(self.legal_id, self.record))


def sign(
    file: LegalFile,
    step: str,
    decision: Decision,
    reasons: tuple[str, ...],
    counsel_id: str,
    at: datetime,
    key: bytes,
) -> CounselSignature:
    """Counsel's word over the file as it is. Raises `NotLawful` for somebody who has made any part of it."""
    if counsel_id in file.makers:
        raise NotLawful("counsel_is_maker", "who has made the file does not sign it")
    record = SignatureRecord(step, decision, reasons, file.contents_hash, counsel_id, at, "")
    return CounselSignature(file.legal_id, replace(record, seal=_seal(file.legal_id, record, key)), key)


def _text(legal_id: UUID, record: SignatureRecord) -> str:
    return canonical(
        [
            str(legal_id),
            record.step,
            record.decision,
            list(record.reasons),
            record.contents_hash,
            record.counsel_id,
            record.signed_at.isoformat(),
        ]
    )


def _seal(legal_id: UUID, record: SignatureRecord, key: bytes) -> str:
    text = b"concord.legal.signature." + _text(legal_id, record).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()
