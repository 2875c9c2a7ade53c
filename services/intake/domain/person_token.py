"""What says that two lenders mean the same person: normal statements, which leave the vault under a key only.

A statement that is too strict misses a person who is then called twice as often as the law allows; one that is too
loose makes two strangers share a cap, which costs a contact and tells nobody anything. So both kinds are given where
both are known: the identity number, and the name with the date of birth. A name with a telephone number or an e-mail
address stands in only where there is neither.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date

STATEMENTS_MAX = 12
ADDRESS_KINDS = frozenset({"email", "mobile", "landline"})
"""A postal address is a household's, and its spelling everybody's own."""


def statements(
    *, name: str, identity_number: str | None, born_on: date | None, addresses: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """At least one statement about a person who has any of them. `addresses`: (kind, normal value)."""
    found: list[str] = []
    if identity_number is not None and (number := _letters_and_digits(identity_number)):
        found.append(f"identity\x00{number}")
    if born_on is not None:
        found.append(f"born\x00{_letters_and_digits(name)}\x00{born_on.isoformat()}")
    if not found:
        found = [
            f"address\x00{_letters_and_digits(name)}\x00{value.casefold()}"
            for kind, value in sorted(addresses)
            if kind in ADDRESS_KINDS
        ]
    return tuple(found[:STATEMENTS_MAX])


def _letters_and_digits(text: str) -> str:
    """Width, case, accents, spaces and marks are how one writes it, not who one is."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())
