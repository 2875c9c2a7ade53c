"""Rule packs: versioned rules of one source, from a day to a day, with the hash of what was written in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from services.outreach.domain.gate.canonical import canonical, digest
from services.outreach.domain.gate.facts import Facts, Request
from services.outreach.domain.gate.rules import Rule


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases of the place a pack is about. What is not known of a case does not take it out of a scope."""

    products: frozenset[str] = frozenset()
    creditor: str | None = None
    agency_kinds: frozenset[str] = frozenset()
    household_income_max_minor_units: int | None = None

    def covers(self, case: Situation) -> bool:
        income, highest = case.household_income_minor_units, self.household_income_max_minor_units
        return (
            (not self.products or case.product is None or case.product in self.products)
            and (self.creditor is None or case.creditor_id in (None, self.creditor))
            and (not self.agency_kinds or case.agency_kind is None or case.agency_kind in self.agency_kinds)
            and (highest is None or income is None or income <= highest)
        )


EVERYTHING = Scope()


class Situation(NamedTuple):
    """What of the facts decides which packs apply. `first` and `last`: the days that it may be where the person is."""

    place: str
    first: date
    last: date
    product: str | None = None
    creditor_id: str | None = None
    agency_kind: str | None = None
    household_income_minor_units: int | None = None


@dataclass(frozen=True, slots=True)
class RulePack:
    """Rules with a name and a version. `jurisdiction` is a path (US, US-NY, US-NY-NYC); None: everywhere."""

    name: str
    version: int
    jurisdiction: str | None
    effective_from: date
    effective_to: date | None
    rules: tuple[Rule, ...]
    hash: str
    text: str
    """The RFC 8785 text of the document; `hash` is taken over it. Kept with the decisions, for whoever re-runs them."""
    scope: Scope = EVERYTHING
    confidence: str = "primary"

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    def applies(self, case: Situation) -> bool:
        return (
            self.holds_at(case.place)
            and self.effective_from <= case.last
            and (self.effective_to is None or case.first <= self.effective_to)
            and self.scope.covers(case)
        )

    def holds_at(self, place: str) -> bool:
        return self.jurisdiction is None or place == self.jurisdiction or place.startswith(f"{self.jurisdiction}-")


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule with the full name it has in decisions: pack and rule."""

    name: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Selection:
    """The packs that apply to one situation. `has_local_rules` False: nobody wrote the law down yet."""

    labels: tuple[str, ...]
    hash: str
    rules: tuple[NamedRule, ...]
    has_local_rules: bool


class Packs:
    """All packs that are loaded. Selections are remembered: there are few kinds of case and few days."""

    def __init__(self, packs: Sequence[RulePack]) -> None:
        self._packs = tuple(sorted(packs, key=lambda pack: (pack.name, pack.version)))
        # What `until` says may depend on packs that begin later, so a decision is proved by all that were loaded.
        self.hash = digest(canonical(dict(self.hashes)))
        self._creditors = frozenset(pack.scope.creditor for pack in self._packs if pack.scope.creditor)
        self._has_income_scope = any(pack.scope.household_income_max_minor_units is not None for pack in self._packs)
        self.select = lru_cache(maxsize=4_096)(self._select)
        self.rules_for = lru_cache(maxsize=16_384)(self._rules_for)

    def __iter__(self) -> Iterator[RulePack]:
        return iter(self._packs)

    @property
    def hashes(self) -> dict[str, str]:
        """Label -> hash of every pack that is loaded; `hash` is taken over it."""
        return {pack.label: pack.hash for pack in self._packs}

    def situation(self, facts: Facts, first: date, last: date) -> Situation:
        """What no pack looks at is left out, so that it makes no selection of its own."""
        creditor = facts.creditor_id
        return Situation(
            place=facts.place,
            first=first,
            last=last,
            product=facts.product,
            creditor_id=creditor if creditor is None or creditor in self._creditors else "another",
            agency_kind=facts.agency_kind,
            household_income_minor_units=facts.household_income_minor_units if self._has_income_scope else None,
        )

    def _select(self, case: Situation) -> Selection:
        applying = [pack for pack in self._packs if pack.applies(case)]
        return Selection(
            labels=tuple(pack.label for pack in applying),
            hash=digest(canonical({pack.label: pack.hash for pack in applying})),
            rules=tuple(
                NamedRule(f"{pack.name}/{rule.id}", rule)
                for pack in applying
                for rule in pack.rules
                if rule.applies(case.first, case.last, case.product)
            ),
            # A lender's own rules do not stand in for the law of the place.
            has_local_rules=any(pack.jurisdiction is not None and pack.scope.creditor is None for pack in applying),
        )

    def _rules_for(
        self, case: Situation, channel: str, party: str, purpose: str, rung: str, actor: str
    ) -> tuple[NamedRule, ...]:
        selected: Selection = self.select(case)
        asked = Request("", channel, rung, None, purpose=purpose, party=party, actor=actor)
        return tuple(named for named in selected.rules if named.rule.concerns_request(asked))
