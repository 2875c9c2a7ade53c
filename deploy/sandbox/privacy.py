"""Looks for the invented people's names, numbers and addresses where they must never be: in the topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from typing import Any

from deploy.sandbox.lending_club import Record

_PIECES = re.compile(
    r"[^\s\"@:,{}\[\]]+@[\w-]+\.[\w.-]+|[A-Za-z]+-\d{5,}|\+?\d{7,}|[A-Z][a-z]+ [A-Z][a-z]+|[\u4e00-\u9fff]{2,}"
)
"""Whatever could be a mail address, an account, a number, a name in Latin letters, or anything in Chinese."""


def personal_values(records: Iterable[Record]) -> frozenset[str]:
    """The values in the placed records that tell who somebody is."""
    values: set[str] = set()
    for record in records:
        borrower: Mapping[str, Any] = record.get("borrower") or {}
        values |= {str(borrower[name]) for name in ("name", "identity_number") if borrower.get(name)}
        for point in record.get("contact_points") or ():
            value = str(point.get("value", ""))
            values |= {value, value.lstrip("+")}
        values.add(str(record.get("account_number", "")))
    return frozenset(value for value in values if len(value) >= 2)


def leaks(texts: Iterable[str], personal: Set[str]) -> int:
    """How many of the texts hold one of the values, or anything at all that looks like a mail address."""
    return sum(1 for text in texts if _leaks(text, personal))


def _leaks(text: str, personal: Set[str]) -> bool:
    return any(piece in personal or "@" in piece for piece in _PIECES.findall(text))
