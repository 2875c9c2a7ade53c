"""One text for one value, so that a hash proves what a decision saw.

The form is RFC 8785 (JSON Canonicalization Scheme) for the values used here: no floats, keys in ASCII. The standard
encoder writes exactly that form when keys are sorted and nothing is escaped that need not be; a test compares the two.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

Document = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(document: Document) -> str:
    """The RFC 8785 text of a document made of dictionaries, lists, text, whole numbers, booleans and null."""
    return _encode(document)


def digest(text: str) -> str:
    """SHA-256 of a canonical text, lower-case hex."""
    return sha256(text.encode()).hexdigest()
