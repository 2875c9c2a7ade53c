"""The full token of a message: what it says of itself, signed with Ed25519, and without anything about a person.

Layout, 36 bytes before the signature of 64: version (1), kind (1), day of issue (2, days since 2020-01-01), key id (4),
agency id (4), opaque id (12), digest of the text (12). 100 bytes are 160 characters of base 32.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from shared.kernel.genuine import base32

VERSION = 1
EPOCH = date(2020, 1, 1)
KINDS = ("email", "sms", "call", "letter", "in_app", "visit", "validation_notice", "certificate", "agreement")
_HEAD = struct.Struct(">BBH4s4s12s12s")
SIGNATURE_BYTES = 64
TOKEN_BYTES = _HEAD.size + SIGNATURE_BYTES
TOKEN_LENGTH = TOKEN_BYTES * 8 // base32.BITS
DIGEST_BYTES = 12

Verify = Callable[[bytes, bytes, bytes], bool]
"""(key id, signed bytes, signature): whether a published key of that id made the signature."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says. `issued_on` is a day in UTC."""

    kind: str
    issued_on: date
    key_id: bytes
    agency_id: bytes
    opaque_id: bytes
    digest: bytes

    def packed(self) -> bytes:
        day = (self.issued_on - EPOCH).days
        kind = KINDS.index(self.kind)
        return _HEAD.pack(VERSION, kind, day, self.key_id, self.agency_id, self.opaque_id, self.digest)


@dataclass(frozen=True, slots=True)
class Token:
    claim: Claim
    signature: bytes

    @property
    def raw(self) -> bytes:
        return self.claim.packed() + self.signature

    @property
    def text(self) -> str:
        return base32.encode(self.raw)

    def is_signed_by(self, verify: Verify) -> bool:
        return verify(self.claim.key_id, self.claim.packed(), self.signature)


def read_token(text: str) -> Token:
    """Raises ValueError for anything that is not a token; says nothing yet about who made it."""
    raw = base32.decode(base32.tidy(text))
    if len(raw) != TOKEN_BYTES:
        raise ValueError("not the length of a token")
    version, kind, day, key_id, agency_id, opaque_id, digest = _HEAD.unpack(raw[: _HEAD.size])
    if version != VERSION or kind >= len(KINDS):
        raise ValueError("not a version or a kind that is known")
    claim = Claim(KINDS[kind], EPOCH + timedelta(days=day), key_id, agency_id, opaque_id, digest)
    return Token(claim, raw[_HEAD.size :])


def opaque_id(subject_id: UUID) -> bytes:
    """Bound to the message or document, and no way back to it."""
    return sha256(b"concord genuine id" + subject_id.bytes).digest()[:12]


def short_id(name: str) -> bytes:
    """Four bytes that stand for an agency's code or a public key."""
    return sha256(b"concord genuine name" + name.encode()).digest()[:4]


CODE_PLACEHOLDER = "0000-0000-0000-0000"
TOKEN_PLACEHOLDER = "0" * TOKEN_LENGTH
_TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Z]{{{TOKEN_LENGTH}}}(?![0-9A-Za-z])")
_CODE = re.compile(r"(?<![0-9A-Za-z-])(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}(?![0-9A-Za-z-])")


def text_hash(text: str) -> str:
    """SHA-256 of what was written, hex, without white space and without the code itself, which depends on it."""
    bare = _CODE.sub(CODE_PLACEHOLDER, _TOKEN.sub(TOKEN_PLACEHOLDER, text))
    return sha256("".join(bare.split()).encode()).hexdigest()


def digest_of(text_hash: str) -> bytes:
    return bytes.fromhex(text_hash)[:DIGEST_BYTES]
