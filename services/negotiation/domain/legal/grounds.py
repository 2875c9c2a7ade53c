"""Small things that the whole legal track stands on: what it refuses with, canonical text, its hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SHA256_LENGTH = 64


class NotLawful(Exception):
    """A step is not proven, not signed, too late, or stopped. `code` is stable; the text names no person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def canonical(value: Any) -> str:
    """One text per value (RFC 8785 for what is used here: text, whole numbers, booleans, null, lists, objects)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_sha256(text: str) -> bool:
    return len(text) == SHA256_LENGTH and all(character in "0123456789abcdef" for character in text)
