"""Seals files of evidence: AES-256-GCM under a key of the installation that is derived for each case (RFC 5869)."""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
VERSION = b"\x01"


class EvidenceSealer:
    """Layout: version (1 byte), nonce (12 bytes), ciphertext with tag; the file's id is associated data."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, case_id: UUID, file_id: UUID, content: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + AESGCM(self._key(case_id)).encrypt(nonce, content, file_id.bytes)

    def open(self, case_id: UUID, file_id: UUID, sealed: bytes) -> bytes:
        """Raises `cryptography.exceptions.InvalidTag` for another file's content or a changed one."""
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return AESGCM(self._key(case_id)).decrypt(nonce, ciphertext, file_id.bytes)

    def _key(self, case_id: UUID) -> bytes:
        return HKDF(SHA256(), 32, salt=case_id.bytes, info=b"concord.negotiation.evidence").derive(self._secret)
