"""Inputs of decisions, read from their texts and proved canonical part by part; equal parts are read once.

A person's decisions follow each other in an export, and most of what they saw is the same. A canonical text is four
parts between fixed words, so it is canonical when each part is what its value is written as.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import orjson

from services.outreach.domain.gate import form
from services.outreach.domain.gate.document import contact_text
from services.outreach.domain.gate.facts import FORM, Facts, PastContact, Request, from_document, read_contact
from services.outreach.domain.gate.history import History

BEFORE_CONTACTS, BEFORE_FACTS = '{"contacts":[', '],"facts":'
BEFORE_NOW, BEFORE_REQUEST, END = f',"form":{FORM},"now":"', '","request":', "}"
T = TypeVar("T")


@dataclass(slots=True)
class Inputs:
    """What a decision is run from again. `history` stands for the contacts of `facts`; `now` is UTC."""

    request: Request
    facts: Facts
    history: History
    now: datetime
    is_canonical: bool


class NotCanonical(ValueError):
    """A part is not what its value is written as."""


def read_inputs(text: str) -> Inputs:
    """Raises whatever is wrong with a text that cannot be read; one that can, in any form, is."""
    try:
        return _by_parts(text)
    except Exception:
        request, facts, now = from_document(orjson.loads(text))
        return Inputs(request, facts, History(facts.contacts), now.astimezone(UTC), is_canonical=False)


def _by_parts(text: str) -> Inputs:
    """A text cut in the wrong place has a part that is not canonical, or none that can be read."""
    contacts, rest = text.removeprefix(BEFORE_CONTACTS).split(BEFORE_FACTS, 1)
    facts, rest = rest.split(BEFORE_NOW, 1)
    now_text, request = rest.split(BEFORE_REQUEST, 1)
    now = datetime.fromisoformat(now_text).astimezone(UTC)
    if not text.startswith(BEFORE_CONTACTS) or not request.endswith(END) or now.isoformat() != now_text:
        raise NotCanonical
    return Inputs(_request(request[: -len(END)]), _facts(facts), _history(contacts), now, is_canonical=True)


@lru_cache(maxsize=4_096)
def _facts(text: str) -> Facts:
    return _same(Facts, text)


@lru_cache(maxsize=1_024)
def _request(text: str) -> Request:
    return _same(Request, text)


def _same(kind: type[T], text: str) -> T:
    value = form.from_document(kind, orjson.loads(text))
    if form.to_json(value) != text:
        raise NotCanonical
    return value


@lru_cache(maxsize=16)
def _history(text: str) -> History:
    """Histories of one person grow by a contact at a time, so the contacts are remembered as well."""
    read = [_contact(*entry) if len(entry) == 6 else _read(entry) for entry in orjson.loads(f"[{text}]")]
    if ",".join([written for _, written in read]) != text:
        raise NotCanonical
    return History([contact for contact, _ in read])


@lru_cache(maxsize=1_024)
def _contact(*entry: Any) -> tuple[PastContact, str]:
    return _read(list(entry))


def _read(entry: list[Any]) -> tuple[PastContact, str]:
    contact = read_contact(entry)
    return contact, contact_text(contact)
