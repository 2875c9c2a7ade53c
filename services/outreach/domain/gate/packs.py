"""Rule packs: versioned rules of one source, from a day to a day, with the hash of what was written in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from services.outreach.domain.gate.canonical import canonical, digest
from services.outreach.domain.gate.rules import Rule


@dataclass(frozen=True, slots=True)
class RulePack:
    """Rules with a name and a version. `jurisdiction` None: everywhere. `effective_to` is the last day, if any."""

    name: str
    version: int
    jurisdiction: str | None
    effective_from: date
    effective_to: date | None
    rules: tuple[Rule, ...]
    hash: str

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    def applies(self, jurisdiction: str, on: date) -> bool:
        return (
            self.jurisdiction in (None, jurisdiction)
            and self.effective_from <= on
            and (self.effective_to is None or on <= self.effective_to)
        )


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule with the full name it has in decisions: pack and rule."""

    name: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Selection:
    """The packs that apply to one jurisdiction on one day. `has_local_rules` False: nobody wrote the law down yet."""

    labels: tuple[str, ...]
    hash: str
    rules: tuple[NamedRule, ...]
    has_local_rules: bool

    def for_channel(self, channel: str) -> tuple[NamedRule, ...]:
        return tuple(named for named in self.rules if named.rule.concerns(channel))


class Packs:
    """All packs that are loaded. Selections are remembered: there are few jurisdictions and few days."""

    def __init__(self, packs: Sequence[RulePack]) -> None:
        self._packs = tuple(sorted(packs, key=lambda pack: (pack.name, pack.version)))
        self.select = lru_cache(maxsize=1_024)(self._select)
        self.rules_for = lru_cache(maxsize=4_096)(self._rules_for)

    def __iter__(self) -> Iterator[RulePack]:
        return iter(self._packs)

    def _select(self, jurisdiction: str, on: date) -> Selection:
        applying = [pack for pack in self._packs if pack.applies(jurisdiction, on)]
        return Selection(
            labels=tuple(pack.label for pack in applying),
            hash=digest(canonical({pack.label: pack.hash for pack in applying})),
            rules=tuple(NamedRule(f"{pack.name}/{rule.id}", rule) for pack in applying for rule in pack.rules),
            has_local_rules=any(pack.jurisdiction is not None for pack in applying),
        )

    def _rules_for(self, jurisdiction: str, on: date, channel: str) -> tuple[NamedRule, ...]:
        selected: Selection = self.select(jurisdiction, on)
        return selected.for_channel(channel)
