"""Seals what payers wrote: AES-256-GCM under keys derived from the installation's secret (HKDF, RFC 5869)."""

from __future__ import annotations

import hashlib
import hmac
import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
VERSION = b"\x01"


class AesReceiptSeal:
    """Layout: version, nonce, ciphertext with tag. The entry's id is associated data, so no text fits another entry."""

    def __init__(self, secret: bytes) -> None:
        keys = HKDF(SHA256(), 64, salt=None, info=b"concord.negotiation.receipts").derive(secret)
        self._cipher = AESGCM(keys[:32])
        self._index_key = keys[32:]

    def seal(self, entry_id: UUID, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), entry_id.bytes)

    def open(self, entry_id: UUID, sealed: bytes) -> str:
        """Raises `cryptography.exceptions.InvalidTag` for another entry's text or a changed one."""
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return self._cipher.decrypt(nonce, ciphertext, entry_id.bytes).decode()

    def hash(self, field: str, text: str) -> bytes | None:
        """A keyed hash to compare by, or None where there is nothing to compare."""
        message = f"{field}\0{text}".encode()
        return hmac.digest(self._index_key, message, hashlib.sha256)[:16] if text else None
