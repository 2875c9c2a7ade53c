"""What a template must say, as data: items, and which of them a channel and a purpose need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Scenario = Mapping[str, str | bool]
"""What a sample was rendered for: `jurisdiction`, and the yes-or-no variables."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something a text must say: all of these variables, and one of these patterns in the text's language.

    `only`: the scenarios in which it must be said; empty: always.
    """

    id: str
    variables: tuple[str, ...]
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    only: Scenario
    because: str

    def applies_to(self, scenario: Scenario) -> bool:
        return all(scenario.get(name) == value for name, value in self.only.items())

    def is_said_in(self, text: str, language: str) -> bool:
        if any(sentinel(name) not in text for name in self.variables):
            return False
        wanted = self.patterns.get(language, ())
        return not wanted or any(pattern.search(text) for pattern in wanted)


@dataclass(frozen=True, slots=True)
class RequiredSet:
    """The items that templates of a kind need. `elsewhere`: item -> why it may be left out."""

    audience: str
    channels: frozenset[str]
    purposes: frozenset[str]
    items: tuple[str, ...]
    elsewhere: Mapping[str, str]

    def is_for(self, audience: str, channel: str, purpose: str) -> bool:
        return (
            audience == self.audience and channel in self.channels and (not self.purposes or purpose in self.purposes)
        )


@dataclass(frozen=True, slots=True)
class Requirements:
    """`variables`: audience -> the closed list of what a text may name; `notices`: purpose -> more of them."""

    items: Mapping[str, Item]
    sets: tuple[RequiredSet, ...]
    variables: Mapping[str, frozenset[str]]
    notices: Mapping[str, frozenset[str]]

    def allowed(self, audience: str, purpose: str) -> frozenset[str]:
        more = self.notices.get(purpose, frozenset()) if audience == "borrower" else frozenset()
        return self.variables[audience] | more

    def required(self, audience: str, channel: str, purpose: str) -> tuple[Item, ...] | None:
        """None where the data knows no such kind of template: then nothing can be published."""
        for entry in self.sets:
            if entry.is_for(audience, channel, purpose):
                return tuple(self.items[name] for name in entry.items)
        return None


def sentinel(variable: str) -> str:
    """What a variable is rendered as in a sample: found again only where the text really says it."""
    return f"[{variable}]"
