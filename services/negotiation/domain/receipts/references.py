"""Structured creditor references (ISO 11649): a text that a borrower copies into a transfer, with check digits.

`RF`, two check digits (ISO 7064, mod 97-10), fifteen characters made from the case. The alphabet leaves out the letters
that look like figures, so that a reference read aloud or typed by hand arrives.
"""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY_LENGTH = 15
REFERENCES_MAX = 20
"""References looked for in one remittance text."""
TEXT_LENGTH_MAX = 4_000

_CANDIDATE = re.compile(r"(?=RF([0-9]{2}[0-9A-Z]{15}))")
_UUID = re.compile(
    r"(?<![0-9A-F])[0-9A-F]{8}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{12}(?![0-9A-F])", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[^0-9A-Z]+")


def creditor_reference(case_id: UUID) -> str:
    """The reference of a case: always the same one. 75 bits of a hash: it neither names nor reveals the case."""
    number = int.from_bytes(hashlib.sha256(b"creditor-reference" + case_id.bytes).digest()[:10], "big") >> 5
    body = "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (BODY_LENGTH - 1), -1, -5))
    return f"RF{98 - _remainder(body + 'RF00'):02d}{body}"


def is_creditor_reference(text: str) -> bool:
    """Whether the check digits fit."""
    return len(text) == 4 + BODY_LENGTH and text.startswith("RF") and _remainder(text[4:] + text[:4]) == 1


def grouped(reference: str) -> str:
    """In groups of four, as people read and type it."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def find_creditor_references(text: str) -> tuple[str, ...]:
    """Every reference with right check digits, whatever spaces, line ends, dots or small letters a bank made of it."""
    packed = _SEPARATORS.sub("", text[:TEXT_LENGTH_MAX].upper())
    found = (f"RF{match.group(1)}" for match in _CANDIDATE.finditer(packed))
    return tuple(dict.fromkeys(reference for reference in found if is_creditor_reference(reference)))[:REFERENCES_MAX]


def find_ids(text: str) -> tuple[UUID, ...]:
    """Identifiers of cases and payments in a text, with or without hyphens; broken lines are joined."""
    joined = re.sub(r"\s*\n\s*", "", text[:TEXT_LENGTH_MAX])
    found = [UUID(match.group()) for reading in (text[:TEXT_LENGTH_MAX], joined) for match in _UUID.finditer(reading)]
    return tuple(dict.fromkeys(found))[:REFERENCES_MAX]


def _remainder(text: str) -> int:
    """Mod 97 of a text whose letters count A=10 to Z=35."""
    remainder = 0
    for character in text:
        value = int(character, 36)
        remainder = (remainder * (100 if value > 9 else 10) + value) % 97
    return remainder
