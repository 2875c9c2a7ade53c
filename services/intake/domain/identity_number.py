"""The citizen identity number of China: form, birthday and check character (GB 11643-1999)."""

from __future__ import annotations

import re
from datetime import date

_FORM = re.compile(r"[1-9]\d{5}(\d{8})\d{3}[\dX]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def is_identity_number(text: str, *, born_on: date | None) -> bool:
    """Whether the text has the right form and check character, and says the same birthday where one is known."""
    match = _FORM.fullmatch(text.upper())
    if match is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    if _CHECK_CHARACTERS[total % 11] != text[17].upper():
        return False
    return born_on is None or match[1] == born_on.strftime("%Y%m%d")
