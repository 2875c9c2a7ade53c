"""Signing keys of messages and documents (Ed25519, RFC 8032), and the document in which they are published."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.kernel.genuine.token import Claim, Token, opaque_id, short_id

PURPOSE = "concord-genuine-1"


class PublishedKeys:
    """Public keys by id. Made from the published document, so that a checker needs nothing of ours."""

    def __init__(self, keys: Mapping[bytes, Ed25519PublicKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def read(cls, document: bytes) -> PublishedKeys:
        """Raises ValueError for what is not the document of `/.well-known/concord-keys.json`."""
        try:
            entries = orjson.loads(document)["keys"]
            raw = [base64.b64decode(entry["public_key"], validate=True) for entry in entries]
            return cls({key_id_of(public): Ed25519PublicKey.from_public_bytes(public) for public in raw})
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise ValueError("not a document of published keys") from error

    def verify(self, key_id: bytes, signed: bytes, signature: bytes) -> bool:
        key = self._keys.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True


class GenuineKey:
    """Stamps claims and verifies them. `secret`: 32 bytes in hex, or any text; `retired`: public keys in base64."""

    def __init__(self, secret: str, agency: str, retired: tuple[str, ...] = ()) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(_seed(secret))
        self._public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._retired = [base64.b64decode(key, validate=True) for key in retired]
        everything = [self._public, *self._retired]
        self._keys = PublishedKeys({key_id_of(raw): Ed25519PublicKey.from_public_bytes(raw) for raw in everything})
        self._key_id = key_id_of(self._public)
        self._agency = agency

    def stamp(self, kind: str, subject_id: UUID, day: date, digest: bytes) -> Token:
        claim = Claim(kind, day, self._key_id, short_id(self._agency), opaque_id(subject_id), digest)
        return Token(claim, self._private.sign(claim.packed()))

    def verify(self, key_id: bytes, signed: bytes, signature: bytes) -> bool:
        return self._keys.verify(key_id, signed, signature)

    def published_keys(self) -> Mapping[str, object]:
        current = {"key_id": self._key_id.hex(), "public_key": base64.b64encode(self._public).decode(), "use": "signs"}
        retired = [
            {"key_id": key_id_of(raw).hex(), "public_key": base64.b64encode(raw).decode(), "use": "retired"}
            for raw in self._retired
        ]
        return {
            "agency": self._agency,
            "agency_id": short_id(self._agency).hex(),
            "algorithm": "Ed25519",
            "keys": [current, *retired],
            "purpose": PURPOSE,
        }


def key_id_of(public: bytes) -> bytes:
    return sha256(public).digest()[:4]


def new_secret() -> str:
    """For `GENUINE_KEY`."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def _seed(secret: str) -> bytes:
    """Hex of 32 bytes as it is; any other text (the sandbox's) by its hash."""
    try:
        raw = bytes.fromhex(secret)
    except ValueError:
        raw = b""
    return raw if len(raw) == 32 else sha256(b"concord genuine seed" + secret.encode()).digest()
