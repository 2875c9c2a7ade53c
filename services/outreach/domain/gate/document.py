"""The document of a decision's inputs, as RFC 8785 text, and its hash.

A person's history is by far the largest part and the same for every question about them. `contacts` is the first key of
the document, so its text is written, and the hash fed with it, once a history; what follows is added to copies of both.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

from services.outreach.domain.gate import form
from services.outreach.domain.gate.facts import BY_POSITION, FORM, Facts, PastContact, Request


class Beginning:
    """The text of a history as a document begins with it, and the hash that has read so far."""

    __slots__ = ("_hash", "_text")

    def __init__(self, contacts: tuple[PastContact, ...]) -> None:
        self._text = '{"contacts":[' + ",".join([contact_text(contact) for contact in contacts]) + '],"facts":'
        self._hash = sha256(self._text.encode())

    def continued(self, rest: str) -> tuple[str, str]:
        """The whole text, and its SHA-256 in lower-case hex."""
        whole = self._hash.copy()
        whole.update(rest.encode())
        return self._text + rest, whole.hexdigest()


def to_text(request: Request, facts: Facts, now: datetime) -> str:
    """The canonical document of a decision's inputs."""
    return hashed(request, facts, Beginning(facts.contacts), now)[0]


def hashed(request: Request, facts: Facts, beginning: Beginning, now: datetime) -> tuple[str, str]:
    """The same document with the `facts_hash` taken over it; `beginning` is that of `facts.contacts`."""
    rest = f'{form.to_json(facts)},"form":{FORM},"now":"{now.isoformat()}","request":{form.to_json(request)}}}'
    return beginning.continued(rest)


def contact_text(contact: PastContact) -> str:
    """Six fields by position, which every contact has, and the others by name, where there are any."""
    at, channel, case_id, point_id, outcome, direction = _by_position(contact)
    point = "null" if point_id is None else encode_basestring(point_id)
    text = (
        f'["{at.isoformat()}",{encode_basestring(channel)},{encode_basestring(case_id)},{point},'
        f"{encode_basestring(outcome)},{encode_basestring(direction)}"
    )
    others = _others(contact)
    return text + "]" if others == _NO_OTHERS else f"{text},{form.to_json(contact)}]"


_by_position: Any = attrgetter(*BY_POSITION)
_OTHERS = [field for field in fields(PastContact) if field.name not in BY_POSITION]
_NO_OTHERS = tuple(field.default for field in _OTHERS)
_others: Any = attrgetter(*(field.name for field in _OTHERS))
