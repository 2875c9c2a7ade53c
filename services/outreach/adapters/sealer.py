"""Seals what people wrote: AES-256-GCM under a key that is derived for each person (HKDF, RFC 5869)."""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
VERSION = b"\x01"


class PersonSealer:
    """Layout: version (1 byte), nonce (12 bytes), ciphertext with tag; the person's id is associated data."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, person_id: UUID, text: str) -> bytes:
        return self.seal_bytes(person_id, text.encode())

    def open(self, person_id: UUID, sealed: bytes) -> str:
        """Raises `cryptography.exceptions.InvalidTag` for another person's text or a changed one."""
        return self.open_bytes(person_id, sealed).decode()

    def seal_bytes(self, person_id: UUID, raw: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + AESGCM(self._key(person_id)).encrypt(nonce, raw, person_id.bytes)

    def open_bytes(self, person_id: UUID, sealed: bytes) -> bytes:
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return AESGCM(self._key(person_id)).decrypt(nonce, ciphertext, person_id.bytes)

    def _key(self, person_id: UUID) -> bytes:
        return HKDF(SHA256(), 32, salt=person_id.bytes, info=b"concord.outreach.replies").derive(self._secret)
