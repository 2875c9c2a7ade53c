"""The vault's cryptography: AES-256-GCM under a random key per person, wrapped by a key per tenant; blind indexes.

    VAULT_KEY -- HKDF-SHA256, salted with the tenant --> wrapping key (AES-256-GCM), index key (HMAC-SHA256)
    VAULT_KEY -- HKDF-SHA256, named by its version --> token key (HMAC-SHA256), one for all tenants
    wrapping key --> person key --> name, identity number, contact values, account numbers

What is sealed is bound to tenant, person and field (associated data), so that a row moved or swapped does not open.
Deleting a person's row deletes the only copy of the wrapped key: what may be left in backups stays shut.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_NONCES_PER_PAGE = 256
_INDEX_BYTES = 16
"""128 bits: no two of a tenant's values meet by chance."""
TENANTS_CACHED = 256


class AesVault:
    """The root. Keys of tenants are derived when needed and kept for the busiest."""

    def __init__(self, root_key: bytes, token_versions: Sequence[int] = (1,)) -> None:
        self._root_key = root_key
        self._token_keys = [(version, self._token_key(version)) for version in token_versions]
        self._cached = lru_cache(maxsize=TENANTS_CACHED)(self._derive)

    def of(self, creditor_id: UUID) -> AesTenantVault:
        return self._cached(creditor_id)

    def person_tokens(self, statements: Sequence[str]) -> list[tuple[int, bytes]]:
        return [
            (version, hmac.digest(key, statement.encode(), hashlib.sha256)[:_INDEX_BYTES])
            for version, key in self._token_keys
            for statement in statements
        ]

    def _token_key(self, version: int) -> bytes:
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"concord person token {version}".encode()).derive(
            self._root_key
        )

    def _derive(self, creditor_id: UUID) -> AesTenantVault:
        derived = HKDF(SHA256(), 2 * _KEY_BYTES, salt=creditor_id.bytes, info=b"concord intake vault 1")
        keys = derived.derive(self._root_key)
        return AesTenantVault(creditor_id, keys[:_KEY_BYTES], keys[_KEY_BYTES:])


class AesTenantVault:
    """One tenant's keys. Random nonces are safe for 2**32 seals under one wrapping key (NIST SP 800-38D, 8.3)."""

    def __init__(self, creditor_id: UUID, wrapping_key: bytes, index_key: bytes) -> None:
        self._tenant = creditor_id.bytes
        self._wrapping = AESGCM(wrapping_key)
        self._index_key = index_key

    def new_seal(self, person_id: UUID) -> AesPersonSeal:
        key = os.urandom(_KEY_BYTES)
        wrapped = _encrypt(self._wrapping, key, self._tenant + person_id.bytes)
        return AesPersonSeal(key, wrapped, self._tenant + person_id.bytes)

    def open_seal(self, person_id: UUID, wrapped_key: bytes) -> AesPersonSeal:
        key = _decrypt(self._wrapping, wrapped_key, self._tenant + person_id.bytes)
        return AesPersonSeal(key, wrapped_key, self._tenant + person_id.bytes)

    def index(self, field: str, text: str) -> bytes:
        return hmac.digest(self._index_key, f"{field}\x00{text}".encode(), hashlib.sha256)[:_INDEX_BYTES]

    def seal_secret(self, name: str, text: str) -> bytes:
        return _encrypt(self._wrapping, text.encode(), self._tenant + name.encode())

    def unseal_secret(self, name: str, sealed: bytes) -> str:
        return _decrypt(self._wrapping, sealed, self._tenant + name.encode()).decode()


class AesPersonSeal:
    """One person's key."""

    __slots__ = ("_cipher", "_owner", "wrapped_key")

    def __init__(self, key: bytes, wrapped_key: bytes, owner: bytes) -> None:
        self._cipher = AESGCM(key)
        self._owner = owner
        self.wrapped_key = wrapped_key

    def seal(self, field: str, text: str) -> bytes:
        return _encrypt(self._cipher, text.encode(), self._owner + field.encode())

    def unseal(self, field: str, sealed: bytes) -> str:
        return _decrypt(self._cipher, sealed, self._owner + field.encode()).decode()


class _Nonces:
    """Random bytes from the system, taken by the page: a call for each nonce costs as much as the encryption."""

    def __init__(self) -> None:
        self._page = b""
        self._at = 0

    def take(self) -> bytes:
        at = self._at
        if at + _NONCE_BYTES > len(self._page):
            self._page, at = os.urandom(_NONCE_BYTES * _NONCES_PER_PAGE), 0
        self._at = at + _NONCE_BYTES
        return self._page[at : self._at]

    def forget(self) -> None:
        self._page = b""


_nonces = _Nonces()
# A child process would go on with its parent's page and use the same nonces.
os.register_at_fork(after_in_child=_nonces.forget)


def _encrypt(cipher: AESGCM, plain: bytes, associated: bytes) -> bytes:
    nonce = _nonces.take()
    return _VERSION + nonce + cipher.encrypt(nonce, plain, associated)


def _decrypt(cipher: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise ValueError("sealed in an unknown way")
    nonce, text = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, text, associated)
    except InvalidTag:
        raise ValueError("sealed for another tenant, person or field, or changed since") from None
